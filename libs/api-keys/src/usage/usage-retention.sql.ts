import { sql } from 'kysely';
import { DAYS_KEPT_YEARS, HOURS_KEPT_DAYS } from './usage-buckets.rules.js';

/** Few enough that a statement is done long before its time limit. */
const ROWS_PER_STATEMENT = 5_000;
const BATCHES_KEPT_DAYS = 7;

/**
 * Hours older than 40 days become part of their day; days older than two years go. A count is moved, never copied:
 * it is in one row before and in one row after, so any number of instances may do this at once, and a late count of an
 * old hour is added to its day at the next run. Hours of which a key's row is held by somebody are left for the next
 * run.
 */
export const MOVE_OLD_HOURS = sql`
  with old as materialized (
    select h.api_key_id, h.hour
    from api_key_usage_hours h join api_keys k on k.id = h.api_key_id
    where h.hour < date_trunc('day', now(), 'UTC') - make_interval(days => ${HOURS_KEPT_DAYS})
    order by h.api_key_id, h.hour
    limit ${ROWS_PER_STATEMENT}
    for key share of k skip locked
    for update of h skip locked
  ), moved as (
    delete from api_key_usage_hours h using old
    where h.api_key_id = old.api_key_id and h.hour = old.hour
    returning h.*
  )
  insert into api_key_usage_days (api_key_id, day, tenant_id, allowed, denied)
  select api_key_id, (hour at time zone 'UTC')::date, tenant_id, sum(allowed), sum(denied)
  from moved
  group by 1, 2, 3
  order by 1, 2
  on conflict (api_key_id, day) do update
  set allowed = api_key_usage_days.allowed + excluded.allowed, denied = api_key_usage_days.denied + excluded.denied`;

export const REMOVE_OLD_DAYS = sql`
  with old as materialized (
    select api_key_id, day from api_key_usage_days
    where day < (date_trunc('day', now(), 'UTC') at time zone 'UTC')::date - make_interval(years => ${DAYS_KEPT_YEARS})
    limit ${ROWS_PER_STATEMENT}
    for update skip locked
  )
  delete from api_key_usage_days d using old where d.api_key_id = old.api_key_id and d.day = old.day`;

/** Of recorders that have long ended: one that has something to write writes every few seconds. */
export const REMOVE_OLD_BATCHES = sql`
  delete from api_key_use_batches
  where ctid = any(array(
    select ctid from api_key_use_batches where written_at < now() - make_interval(days => ${BATCHES_KEPT_DAYS})
    limit ${ROWS_PER_STATEMENT} for update skip locked))`;
