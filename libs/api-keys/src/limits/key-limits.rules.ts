import { type Input, LIMITS } from '#kernel';

/** A rate: the number of requests, and the seconds in which they are counted. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

export function readRateLimit(rate: Input<RateLimit>): RateLimit {
  const { requests, windowSeconds } = LIMITS.rateLimit;
  return {
    limit: rate.at('limit').wholeNumber(requests),
    windowSeconds: rate.at('windowSeconds').wholeNumber(windowSeconds),
  };
}

/** The rate from two columns of a row; null unless both columns have a value. */
export function rateLimitOf(limit: number | null, windowSeconds: number | null): RateLimit | null {
  return limit === null || windowSeconds === null ? null : Object.freeze({ limit, windowSeconds });
}
