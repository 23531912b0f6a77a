import { isDeepStrictEqual } from 'node:util';

/** Changed members by name. */
export type Diff = Record<string, { old: unknown; new: unknown }>;

/** The members of `after` that differ from `before`. Objects and lists are compared by their contents. */
export function diffBetween(before: object, after: object): Diff {
  const changes: Diff = {};
  for (const [name, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const old: unknown = (before as Record<string, unknown>)[name] ?? null;
    if (!isDeepStrictEqual(old, value)) changes[name] = { old, new: value };
  }
  return changes;
}
