import { shownJson, shownText } from '../shown-text.js';
import { EXIT } from './failure.js';

/** Option of every command that prints: output for programs instead of people. */
export const JSON_OPTION = ['--json', 'print JSON'] as const;
export interface Output {
  json?: boolean;
}

/**
 * The printed text may be a key that is shown only once, so a command whose output is lost has failed. Without a listener, the
 * loss would end the process with a stack, or go unnoticed.
 */
export function failOnLostOutput(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (process.exitCode === EXIT.failed) return;
    process.exitCode = EXIT.failed;
    // A reader that stops early, such as `head`, is no failure.
    if (code !== 'EPIPE') console.error(`The output of this command is lost: ${message}`);
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

/** Prints one object, one member per line, or as JSON. */
export function printObject(object: Record<string, unknown>, options: Output): void {
  if (options.json) console.log(jsonOf(object));
  else for (const [name, value] of Object.entries(object)) console.log(`${name}: ${cellOf(value)}`);
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return shownText(value.join(' ')) || '-';
  // An instant beyond what `Date` has stands in a row that somebody edited: it must not take the list with it.
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  return shownText(String(value));
}

/** JSON with every control character escaped. */
export function jsonOf(value: unknown): string {
  return shownJson(JSON.stringify(value, null, 2));
}
