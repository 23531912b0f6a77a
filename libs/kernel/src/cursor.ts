import { hash } from 'node:crypto';
import type { Input } from './input.js';
import { LIMITS } from './limits.js';

/**
 * What a cursor is bound to: the list, its order and its filter. A cursor of another list is refused, since it would skip or
 * repeat rows silently. A filter member that is null counts as left out.
 */
export function cursorBinding(parts: unknown): string {
  const asked = JSON.stringify(parts, (_, value: unknown) => (value === null ? undefined : value));
  return hash('sha256', asked, 'base64url').slice(0, 12);
}

export function encodeCursor(binding: string, values: readonly string[]): string {
  return Buffer.from(JSON.stringify([binding, ...values])).toString('base64url');
}

/**
 * The values of a cursor that was made with this binding.
 * @param checks whether a text is a value, one check for each column of the order
 */
export function readCursor(
  cursor: Input<string>,
  binding: string,
  checks: readonly ((text: string) => boolean)[],
): string[] {
  const parts = cursor.value.length > LIMITS.cursor ? undefined : partsOf(cursor.value);
  const [bound, ...values] = parts ?? [];
  if (values.length !== checks.length) cursor.refuse('INVALID_CURSOR', 'is not a cursor.');
  else if (bound !== binding) cursor.refuse('INVALID_CURSOR', 'belongs to another list, order or filter.');
  else if (!checks.every((isValue, index) => isValue(values[index] ?? '')))
    cursor.refuse('INVALID_CURSOR', 'is not a cursor.');
  return values;
}

/** The binding and the values; undefined for a text that `encodeCursor` has not made. */
function partsOf(cursor: string): string[] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) && parts.every((part): part is string => typeof part === 'string') ? parts : undefined;
  } catch {
    return undefined;
  }
}
