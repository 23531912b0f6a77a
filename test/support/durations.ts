/** Durations that several tests use. A duration that only one test needs is in that test, with its reason. */

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const HOUR_SECONDS = 3_600;
export const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Every instance refuses a key at most this long after the commit of what ended the key. The contract promises this. */
export const REVOCATION_BOUND_MS = 2_000;
/** The same bound as it is built, for tests that delay nothing themselves. */
export const REVOCATION_AIM_MS = 1_500;

/** A process that was asked to stop has ended after this time; an orchestrator kills it then. */
export const STOP_MS = 10_000;

export function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1_000).toISOString();
}

export function inDays(days: number): string {
  return inSeconds(days * DAY_SECONDS);
}
