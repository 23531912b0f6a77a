import type { ProblemPath, Problems } from './invalid-input.js';

/** Adds a problem for an instant that, in UTC, is not of the years 1 to 9999: its offset has led it out of them. */
export function checkInstant(instant: Date | null | undefined, path: ProblemPath, problems: Problems): void {
  const year = instant?.getUTCFullYear() ?? 1;
  if (year < 1 || year > 9999) problems.add(path, 'OUT_OF_RANGE', 'must be, in UTC, of the years 1 to 9999.');
}
