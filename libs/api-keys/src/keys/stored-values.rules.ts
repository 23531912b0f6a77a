import type { JsonObject } from '#kernel';

/** The texts of a stored list. A row that someone edited by hand may hold anything; what is no text opens nothing. */
export function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A stored object; an empty one in the place of anything else. */
export function objectIn(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** Can an answer show this instant? PostgreSQL has infinite ones, and years that `Date` has not. */
export function isShowable(instant: Date): boolean {
  return instant instanceof Date && !Number.isNaN(instant.getTime());
}
