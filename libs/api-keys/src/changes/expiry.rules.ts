import { LIMITS, type ProblemPath, type Problems } from '#kernel';

/** Adds a problem unless `expiresAt` is at least a minute and at most ten years after `now`. */
export function checkExpiry(expiresAt: Date, now: Date, path: ProblemPath, problems: Problems): void {
  const { minSeconds, maxYears } = LIMITS.expiry;
  const latest = new Date(now);
  latest.setUTCFullYear(latest.getUTCFullYear() + maxYears);
  if (!(expiresAt.getTime() >= now.getTime() + minSeconds * 1000))
    problems.add(path, 'NOT_IN_FUTURE', `must be at least ${minSeconds} s ahead.`);
  else if (expiresAt > latest) problems.add(path, 'OUT_OF_RANGE', `may be at most ${maxYears} years ahead.`);
}
