import { EXIT } from './failure.js';

const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/gu;

/** Option of every command that prints: for programs instead of people. */
export const JSON_OPTION = ['--json', 'print JSON'] as const;
export interface Output {
  json?: boolean;
}

/**
 * What is printed may be a key that nobody sees again: a command whose output is lost has not done it. Unheard, the loss
 * would end the process with a stack, or go unnoticed, as whoever prints likes it.
 */
export function failOnLostOutput(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (process.exitCode === EXIT.failed) return;
    process.exitCode = EXIT.failed;
    // A reader that has had enough, such as `head`, needs to hear nothing.
    if (code !== 'EPIPE') console.error(`What it printed is lost: ${message}`);
  });
}

/** Prints rows as aligned columns, or as JSON. */
export function printRows(rows: readonly Record<string, unknown>[], options: Output): void {
  if (options.json) {
    console.log(jsonOf(rows));
    return;
  }
  if (rows.length === 0) return console.log('none');
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => cellOf(row[name])))];
  const widths = names.map((_, column) => cells.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0));
  for (const row of cells)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** Prints one object, a member a line, or as JSON. */
export function printObject(object: Record<string, unknown>, options: Output): void {
  if (options.json) console.log(jsonOf(object));
  else for (const [name, value] of Object.entries(object)) console.log(`${name}: ${cellOf(value)}`);
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return shownText(value.join(' ')) || '-';
  return value instanceof Date ? value.toISOString() : shownText(String(value));
}

/** Names of imported keys are what they were: a control character may be an order to a terminal, or turn the line around. */
export function shownText(text: string): string {
  return text.replaceAll(CONTROLS, '\uFFFD');
}

/** JSON in which no control character stands as it is. */
export function jsonOf(value: unknown): string {
  // Line ends are of the layout: those of texts are escaped already.
  return JSON.stringify(value, null, 2).replaceAll(CONTROLS, (found) =>
    found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
