import type { LimitVerdict } from '../limits/rate-limiter.js';

/** The steps of a request that were taken before the plugins run, and that the plugins must not take again. */
export interface TakenSteps {
  /** Undefined: the key has no rate, or the store is unavailable. */
  readonly rate: LimitVerdict | undefined;
  readonly isUseRecorded: boolean;
}

/** Stored on the request itself, like the principal. */
const TAKEN = Symbol('taken steps');
interface Begun {
  [TAKEN]?: TakenSteps;
}

export function takenSteps(request: object): TakenSteps | undefined {
  return (request as Begun)[TAKEN];
}

export function rememberSteps(request: object, steps: TakenSteps): void {
  (request as Begun)[TAKEN] = steps;
}
