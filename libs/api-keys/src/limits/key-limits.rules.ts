import { LIMITS, type ProblemPath, type Problems, readWholeNumber } from '#kernel';

/** A rate: the number of requests, and the seconds in which they are counted. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Adds every problem of a requested rate limit; null means unlimited. */
export function readRateLimit(
  rate: RateLimit | null | undefined,
  path: ProblemPath,
  problems: Problems,
): RateLimit | null {
  if (!rate) return null;
  const { requests, windowSeconds } = LIMITS.rateLimit;
  return {
    limit: readWholeNumber(rate.limit, requests, [...path, 'limit'], problems),
    windowSeconds: readWholeNumber(rate.windowSeconds, windowSeconds, [...path, 'windowSeconds'], problems),
  };
}

/** The rate from two columns of a row; null unless both columns have a value. */
export function rateLimitOf(limit: number | null, windowSeconds: number | null): RateLimit | null {
  return limit === null || windowSeconds === null ? null : Object.freeze({ limit, windowSeconds });
}
