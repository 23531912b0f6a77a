const MINUTE_MS = 60_000;

/**
 * The end of the step of minutes that `now` lies in, so that a page does not ask anew each minute. Not its begin: the use in an
 * hour that has just begun would not be counted.
 */
export function upTo(now: number, minutes: number): number {
  const step = minutes * MINUTE_MS;
  return Math.ceil(now / step) * step;
}
