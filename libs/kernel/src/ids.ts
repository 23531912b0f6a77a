import type { Refusable } from './invalid-input.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** A UUID in its usual form. Upper case is accepted and read as lower case. */
export function readId(input: Refusable<string>): string {
  if (!isUuid(input.value)) input.refuse('MALFORMED', 'is not a UUID.');
  return input.value.toLowerCase();
}
