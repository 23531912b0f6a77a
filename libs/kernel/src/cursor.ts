import { hash } from 'node:crypto';
import { InvalidInput, type ProblemPath } from './invalid-input.js';
import { LIMITS } from './limits.js';

/** The value of one column of the list's order, as PostgreSQL prints it; null where the column is null. */
export type CursorValue = string | null;

/**
 * What a cursor is bound to: the list, its order and its filter. A cursor of another list is refused, since it would skip or
 * repeat rows silently. A filter member that is null counts as left out.
 */
export function cursorBinding(parts: unknown): string {
  const asked = JSON.stringify(parts, (_, value: unknown) => (value === null ? undefined : value));
  return hash('sha256', asked, 'base64url').slice(0, 12);
}

export function encodeCursor(binding: string, values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify([binding, ...values])).toString('base64url');
}

/** @throws {InvalidInput} INVALID_CURSOR unless `cursor` was made with this binding and has `count` values. */
export function decodeCursor(cursor: string, binding: string, count: number, path: ProblemPath): CursorValue[] {
  const refuse = (message: string) => new InvalidInput([{ path, code: 'INVALID_CURSOR', message }]);
  if (cursor.length > LIMITS.cursor) throw refuse('is not a cursor.');
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw refuse('is not a cursor.');
  }
  if (!Array.isArray(parsed) || parsed.length !== count + 1) throw refuse('is not a cursor.');
  const [bound, ...values]: unknown[] = parsed;
  if (bound !== binding) throw refuse('belongs to another list, order or filter.');
  if (!values.every((value): value is CursorValue => value === null || typeof value === 'string'))
    throw refuse('is not a cursor.');
  return values;
}
