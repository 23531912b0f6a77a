import { LIMITS, type ProblemPath, type Problems, readWholeNumber } from '#kernel';

/** So many requests within so many seconds. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** Adds every problem of a rate that a key is to be limited to; null: unlimited. */
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

/** The rate in two columns of a row; null unless both say something. */
export function rateLimitOf(limit: number | null, windowSeconds: number | null): RateLimit | null {
  return limit === null || windowSeconds === null ? null : Object.freeze({ limit, windowSeconds });
}
