import type { Refusable } from './invalid-input.js';

export interface NumberRule {
  min: number;
  max: number;
}

/** A whole number within the rule. The schema already refuses a number that is not whole. */
export function readWholeNumber(input: Refusable<number>, { min, max }: NumberRule): number {
  const { value } = input;
  if (!(Number.isInteger(value) && value >= min && value <= max))
    input.refuse('OUT_OF_RANGE', `must be from ${min} to ${max}.`);
  return value;
}
