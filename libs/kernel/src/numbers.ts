import type { ProblemPath, Problems } from './invalid-input.js';

export interface NumberRule {
  min: number;
  max: number;
}

/** Adds a problem unless `value` is within the rule. The schema already refuses a number that is not whole. */
export function readWholeNumber(
  value: number,
  { min, max }: NumberRule,
  path: ProblemPath,
  problems: Problems,
): number {
  if (!(Number.isInteger(value) && value >= min && value <= max))
    problems.add(path, 'OUT_OF_RANGE', `must be from ${min} to ${max}.`);
  return value;
}
