import { type ProblemPath, Problems } from './invalid-input.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Adds MALFORMED unless `text` is a UUID in its usual form. Upper case is accepted and read as lower case. */
export function readId(text: string, path: ProblemPath, problems: Problems): string {
  if (!isUuid(text)) problems.add(path, 'MALFORMED', 'is not a UUID.');
  return text.toLowerCase();
}

/** @throws {InvalidInput} unless `text` is a UUID. */
export function requireId(text: string, path: ProblemPath): string {
  const problems = new Problems();
  const id = readId(text, path, problems);
  problems.throwIfAny();
  return id;
}
