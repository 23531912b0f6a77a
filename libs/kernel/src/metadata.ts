import type { ProblemPath, Refusable } from './invalid-input.js';
import { LIMITS } from './limits.js';

/** A client's own data: any JSON object. */
export type JsonObject = Record<string, unknown>;

/** An object within the limits of metadata that PostgreSQL can store unchanged. */
export function readMetadata(input: Refusable<JsonObject>): JsonObject {
  const object = input.value;
  const { bytes, depth, keys } = LIMITS.metadata;
  const found = measure(object, depth);
  if (found.isTooDeep) input.refuse('OUT_OF_RANGE', `may be at most ${depth} levels deep.`);
  else if (Buffer.byteLength(JSON.stringify(object)) > bytes)
    input.refuse('TOO_LONG', `may have at most ${bytes} bytes once serialised.`);
  if (found.keys > keys) input.refuse('TOO_MANY', `may have at most ${keys} keys.`);
  else for (const at of found.reserved) input.below(at).refuse('MALFORMED', 'is a reserved name.');
  if (found.isUnstorable)
    input.refuse(
      'MALFORMED',
      'holds an empty key, a number that cannot be kept exactly, a NUL or half of a surrogate pair.',
    );
  return object;
}

interface Measured {
  keys: number;
  isTooDeep: boolean;
  isUnstorable: boolean;
  /** Paths of members whose careless copy would reach an object's prototype. */
  reserved: ProblemPath[];
}

/** Walks without recursion, so that deep nesting cannot exhaust the stack. */
function measure(root: JsonObject, maxDepth: number): Measured {
  const measured: Measured = { keys: 0, isTooDeep: false, isUnstorable: false, reserved: [] };
  const waiting: { value: unknown; path: ProblemPath }[] = [{ value: root, path: [] }];
  for (let item = waiting.pop(); item; item = waiting.pop()) {
    const { value, path } = item;
    if (typeof value === 'string') measured.isUnstorable ||= !isStorable(value);
    else if (typeof value === 'number') measured.isUnstorable ||= !isExact(value);
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= maxDepth) {
      measured.isTooDeep = true;
      continue;
    }
    if (!Array.isArray(value)) {
      const names = Object.keys(value);
      measured.keys += names.length;
      measured.isUnstorable ||= names.some((name) => name === '' || !isStorable(name));
    }
    for (const [name, member] of Object.entries(value)) {
      const at = [...path, Array.isArray(value) ? Number(name) : name];
      if (name === '__proto__' || (name === 'prototype' && path.at(-1) === 'constructor')) measured.reserved.push(at);
      waiting.push({ value: member, path: at });
    }
  }
  return measured;
}

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');
/** `exactNumber` turns an inexact number into NaN; integers beyond 2^53 may have lost digits. */
const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) && !Object.is(value, -0);
