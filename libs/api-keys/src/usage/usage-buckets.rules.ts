import { type Input, parseInstant } from '#kernel';

const USAGE_BUCKETS = ['HOUR', 'DAY'] as const;
export type UsageBucket = (typeof USAGE_BUCKETS)[number];

/** How long counts are kept by the hour; afterwards they are kept by the day. */
export const HOURS_KEPT_DAYS = 40;
/** How long counts are kept in total. */
export const DAYS_KEPT_YEARS = 2;

const DAY_MS = 86_400_000;
/** Every day in UTC has this length: UTC has no summer time, and Unix time has no leap seconds. */
const BUCKET_MS: Record<UsageBucket, number> = { HOUR: 3_600_000, DAY: DAY_MS };
const MAX_DAYS: Record<UsageBucket, number> = { HOUR: HOURS_KEPT_DAYS, DAY: 366 * DAYS_KEPT_YEARS };
const KEPT: Record<UsageBucket, string> = { HOUR: `${HOURS_KEPT_DAYS} days`, DAY: `${DAYS_KEPT_YEARS} years` };

/** The counts that a client asks for: from `from` (included) to `to` (excluded). */
export interface RequestedUsage {
  from: Date;
  to: Date;
  bucket: UsageBucket;
}

export interface UsageRange {
  bucket: UsageBucket;
  /** First instants of all buckets that the range touches, in order; never empty. */
  starts: readonly Date[];
  /** The end of the last bucket. */
  end: Date;
}

/**
 * The whole buckets, in UTC, that the range touches.
 * @throws {InvalidInput} OUT_OF_RANGE for a range that is empty or too long, begins before the counts kept at `now`, or ends
 *   after the last year that an answer can show
 */
export function readUsageRange(input: Input<RequestedUsage>, now: Date): UsageRange {
  const { from, bucket } = input.value;
  const to = input.at('to').instant();
  if (!(from < to)) input.at('to').refuse('OUT_OF_RANGE', 'must be later than from.');
  else if (to.getTime() - from.getTime() > MAX_DAYS[bucket] * DAY_MS)
    input.at('from').refuse('OUT_OF_RANGE', `may be at most ${MAX_DAYS[bucket]} days before to.`);
  else if (from < keptFrom(bucket, now))
    input.at('from').refuse('OUT_OF_RANGE', `may be at most ${KEPT[bucket]} ago: no earlier ${bucket} is kept.`);
  input.throwIfRefused();

  const step = BUCKET_MS[bucket];
  const starts: Date[] = [];
  let at = Math.floor(from.getTime() / step) * step;
  for (; at < to.getTime(); at += step) starts.push(new Date(at));
  return { bucket, starts, end: new Date(at) };
}

/** The number of points that the arguments of an operation ask for, computed before any of them is read. */
export const usageLength = (argument: (name: string) => unknown): number => {
  const bucket = argument('bucket') === 'DAY' ? 'DAY' : 'HOUR';
  const [from, to] = ['from', 'to'].map((name) => parseInstant(String(argument(name)))?.getTime());
  const most = (MAX_DAYS[bucket] * DAY_MS) / BUCKET_MS[bucket] + 1;
  if (from === undefined || to === undefined) return most;
  return Math.min(Math.max(Math.ceil((to - from) / BUCKET_MS[bucket]) + 1, 1), most);
};

/** The first day whose counts are all still kept. */
function keptFrom(bucket: UsageBucket, now: Date): Date {
  const first = new Date(now);
  if (bucket === 'HOUR') first.setUTCDate(first.getUTCDate() - HOURS_KEPT_DAYS);
  else first.setUTCFullYear(first.getUTCFullYear() - DAYS_KEPT_YEARS);
  first.setUTCHours(0, 0, 0, 0);
  return first;
}
