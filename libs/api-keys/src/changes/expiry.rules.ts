import { type Input, LIMITS } from '#kernel';

/** Refuses an expiry unless it is at least a minute and at most ten years after `now`. */
export function checkExpiry(input: Input<Date>, now: Date): void {
  const expiresAt = input.value;
  const { minSeconds, maxYears } = LIMITS.expiry;
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + maxYears);
  if (!(expiresAt.getTime() >= now.getTime() + minSeconds * 1000))
    input.refuse('NOT_IN_FUTURE', `must be at least ${minSeconds} s in the future.`);
  else if (expiresAt > latest) input.refuse('OUT_OF_RANGE', `may be at most ${maxYears} years in the future.`);
}
