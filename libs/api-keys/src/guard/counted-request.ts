import type { LimitVerdict } from '../limits/rate-limiter.js';

/** What the limiter said of a request before the plugins run. Undefined: the key has no rate, or the store is unavailable. */
interface Counted {
  readonly rate: LimitVerdict | undefined;
}

/** Stored on the request itself, like the principal. */
const COUNTED = Symbol('counted');
interface CountedRequest {
  [COUNTED]?: Counted;
}

/**
 * Set where a request was counted before the plugins run: as a unit of its key's rate and, if the rate admits it, as a use. The
 * plugins must not count it again.
 */
export function countedBefore(request: object): Counted | undefined {
  return (request as CountedRequest)[COUNTED];
}

export function rememberCounted(request: object, rate: LimitVerdict | undefined): void {
  (request as CountedRequest)[COUNTED] = { rate };
}
