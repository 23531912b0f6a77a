const MINUTE_MS = 60_000;

/**
 * The end of the step of minutes that `now` lies in, so that a page does not ask again each minute. Up to the start of the step, a
 * page would not count the use in an hour that has just begun.
 */
export function upTo(now: number, minutes: number): number {
  const step = minutes * MINUTE_MS;
  return Math.ceil(now / step) * step;
}
