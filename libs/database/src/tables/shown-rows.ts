import { Logger } from '@nestjs/common';

const logger = new Logger('Database');
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
/** Rows that are remembered as logged: a table that is odd throughout must not fill the memory. */
const MOST_LOGGED = 1_000;
const logged = new Set<string>();

/**
 * Can an answer show a row whose columns `instants` it must show? PostgreSQL has infinite instants, and years that RFC 3339
 * cannot write. Lists leave such a row out, so that it harms no other; it is logged once, by its id.
 */
export function showable<Row extends { id: string }>(
  table: string,
  ...instants: readonly (keyof Row)[]
): (row: Row) => boolean {
  return (row) => {
    const odd = instants.find((name) => !isShowable(row[name]));
    if (odd === undefined) return true;
    logOnce(`${table} ${row.id}`, String(odd));
    return false;
  };
}

function isShowable(instant: unknown): boolean {
  return instant instanceof Date && instant.getTime() >= FIRST_MS && instant.getTime() <= LAST_MS;
}

function logOnce(row: string, column: string): void {
  if (logged.has(row) || logged.size >= MOST_LOGGED) return;
  logged.add(row);
  logger.warn(`A row is left out of lists, since no answer can show its ${column}: ${row}`);
}
