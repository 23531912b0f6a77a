/** Option of every command that prints: for programs instead of people. */
export const JSON_OPTION = ['--json', 'print JSON'] as const;
export interface Output {
  json?: boolean;
}

/** Prints rows as aligned columns, or as JSON. */
export function printRows(rows: readonly Record<string, unknown>[], options: Output): void {
  if (options.json) {
    console.log(JSON.stringify(rows, null, 2));
    return;
  }
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, ...rows.map((row) => names.map((name) => cellOf(row[name])))];
  const widths = names.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  for (const row of cells)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  if (rows.length === 0) console.log('none');
}

/** Prints one object, a member a line, or as JSON. */
export function printObject(object: Record<string, unknown>, options: Output): void {
  if (options.json) console.log(JSON.stringify(object, null, 2));
  else for (const [name, value] of Object.entries(object)) console.log(`${name}: ${cellOf(value)}`);
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.join(' ') || '-';
  return value instanceof Date ? value.toISOString() : String(value);
}
