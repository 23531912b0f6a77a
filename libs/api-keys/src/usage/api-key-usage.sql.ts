import { sql } from 'kysely';
import type { Session } from '#database';
import type { UsageRange } from './usage-buckets.rules.js';

/** Requests of one key in one bucket. */
export interface BucketCounts {
  allowed: number;
  denied: number;
}
interface BucketRow extends BucketCounts {
  apiKeyId: string;
  /** First instant of the bucket, milliseconds since 1970. */
  start: number;
}

/** The largest value of GraphQL's `Int`; larger counts are shown as this value. */
const MOST = sql`2147483647`;
const inBounds = (count: 'allowed' | 'denied') =>
  sql`greatest(least(sum(${sql.ref(count)}), ${MOST}), 0)::integer as ${sql.ref(count)}`;

/**
 * Counts of these keys by bucket, where there are any: key → first instant in milliseconds → counts. One read covers hours and
 * days: a count is in only one of the two.
 */
export async function bucketsOf(
  session: Session,
  keyIds: readonly string[],
  { bucket, starts, end }: UsageRange,
): Promise<Map<string, Map<number, BucketCounts>>> {
  const [from] = starts;
  const days = sql`
    union all
    select api_key_id, day::timestamp at time zone 'UTC', allowed, denied
    from api_key_usage_days
    where api_key_id = any(${[...keyIds]}::uuid[])
      and day >= (${from}::timestamptz at time zone 'UTC')::date and day < (${end}::timestamptz at time zone 'UTC')::date`;
  const { rows } = await sql<BucketRow>`
    select api_key_id as "apiKeyId",
           (extract(epoch from date_trunc(${bucket.toLowerCase()}, start, 'UTC')) * 1000)::float8 as start,
           ${inBounds('allowed')}, ${inBounds('denied')}
    from (
      select api_key_id, hour as start, allowed, denied
      from api_key_usage_hours
      where api_key_id = any(${[...keyIds]}::uuid[]) and hour >= ${from} and hour < ${end}
      ${bucket === 'DAY' ? days : sql``}
    ) as counts
    group by 1, 2`.execute(session);
  const byKey = new Map<string, Map<number, BucketCounts>>();
  for (const { apiKeyId, start, allowed, denied } of rows) {
    const buckets = byKey.get(apiKeyId) ?? new Map<number, BucketCounts>();
    byKey.set(apiKeyId, buckets.set(start, { allowed, denied }));
  }
  return byKey;
}

/** The last time that each scope of these keys was needed: key → scope → milliseconds since 1970. */
export async function scopeUseOf(
  session: Session,
  keyIds: readonly string[],
): Promise<Map<string, Map<string, number>>> {
  const { rows } = await sql<{ apiKeyId: string; scope: string; lastUsedAt: number }>`
    select api_key_id as "apiKeyId", scope, (extract(epoch from last_used_at) * 1000)::float8 as "lastUsedAt"
    from api_key_scope_use
    where api_key_id = any(${[...keyIds]}::uuid[])`.execute(session);
  const byKey = new Map<string, Map<string, number>>();
  for (const { apiKeyId, scope, lastUsedAt } of rows) {
    const scopes = byKey.get(apiKeyId) ?? new Map<string, number>();
    byKey.set(apiKeyId, scopes.set(scope, lastUsedAt));
  }
  return byKey;
}

export interface RecentUse {
  requestsLast24h: number;
  /** Sorted. */
  scopesUsedLast30d: string[];
}

/**
 * Recent use of these keys, by the database's clock. Counts are kept by the hour, so the hour in which the 24 hours began counts
 * whole: the result may be too large but never too small. Unused keys have no entry.
 */
export async function recentUseOf(session: Session, keyIds: readonly string[]): Promise<Map<string, RecentUse>> {
  const { rows } = await sql<RecentUse & { id: string }>`
    select id,
      (select greatest(least(coalesce(sum(allowed), 0), ${MOST}), 0)::integer from api_key_usage_hours
       where api_key_id = id and hour >= date_trunc('hour', now(), 'UTC') - interval '24 hours') as "requestsLast24h",
      (select coalesce(jsonb_agg(scope order by scope), '[]') from api_key_scope_use
       where api_key_id = id and last_used_at >= now() - interval '30 days') as "scopesUsedLast30d"
    from unnest(${[...keyIds]}::uuid[]) as id`.execute(session);
  return new Map(rows.map(({ id, ...use }) => [id, use]));
}
