import type { ProblemPath, Problems } from './invalid-input.js';
import { LIMITS } from './limits.js';

/** Data of a client's own: any JSON object. */
export type JsonObject = Record<string, unknown>;

/** Adds a problem unless `object` is within the limits of metadata and can be kept by PostgreSQL as it is. */
export function readMetadata(object: JsonObject, path: ProblemPath, problems: Problems): JsonObject {
  const { bytes, depth, keys } = LIMITS.metadata;
  const found = measure(object, depth);
  if (found.isTooDeep) problems.add(path, 'OUT_OF_RANGE', `may be at most ${depth} levels deep.`);
  else if (Buffer.byteLength(JSON.stringify(object)) > bytes)
    problems.add(path, 'TOO_LONG', `may have at most ${bytes} bytes once serialised.`);
  if (found.keys > keys) problems.add(path, 'TOO_MANY', `may have at most ${keys} keys.`);
  if (found.isUnstorable)
    problems.add(path, 'MALFORMED', 'holds an empty key, a number out of range, a NUL or half of a surrogate pair.');
  return object;
}

interface Measured {
  keys: number;
  isTooDeep: boolean;
  isUnstorable: boolean;
}

/** Walks without recursion, so that no depth of nesting exhausts the stack. */
function measure(root: JsonObject, maxDepth: number): Measured {
  const measured: Measured = { keys: 0, isTooDeep: false, isUnstorable: false };
  const waiting: { value: unknown; depth: number }[] = [{ value: root, depth: 1 }];
  for (let item = waiting.pop(); item; item = waiting.pop()) {
    const { value, depth } = item;
    if (typeof value === 'string') measured.isUnstorable ||= !isStorable(value);
    else if (typeof value === 'number') measured.isUnstorable ||= !isExact(value);
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maxDepth) {
      measured.isTooDeep = true;
      continue;
    }
    if (!Array.isArray(value)) {
      const names = Object.keys(value);
      measured.keys += names.length;
      measured.isUnstorable ||= names.some((name) => name === '' || !isStorable(name));
    }
    for (const member of Object.values(value)) waiting.push({ value: member, depth: depth + 1 });
  }
  return measured;
}

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
/** Integers beyond 2^53 have lost digits before we see them, and infinity is what is left of 1e400. */
const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) && !Object.is(value, -0);
