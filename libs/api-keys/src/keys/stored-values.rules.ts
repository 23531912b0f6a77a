import type { JsonObject } from '#kernel';

/** The texts of a stored list. A row that was edited by hand may hold any value; an item that is no text opens nothing. */
export function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A stored object, or an empty object in place of any other value. */
export function objectIn(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
