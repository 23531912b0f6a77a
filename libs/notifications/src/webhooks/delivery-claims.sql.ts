import { sql } from 'kysely';
import type { Session } from '#database';
import type { JsonObject } from '#kernel';
import type { Attempted, Verdict } from './delivery-attempts.rules.js';
import type { NotificationKind } from '../words.js';
import { faultOf } from './delivery-attempts.rules.js';

/** Attempts under way at the same time, over all instances. */
const MOST = { ofEndpoint: 5, ofTenant: 20 };
/** Longer than any attempt takes. A claim of a process that was killed ends after this time. */
const CLAIM_SECONDS = 60;
const KEPT_DAYS = 30;

export interface Claim {
  id: string;
  tenantId: string;
  endpointId: string;
  url: string;
  kind: NotificationKind;
  payload: JsonObject;
  traceparent: string | null;
  /** Made so far, the claimed one included. */
  attempts: number;
  /** The secrets that sign, the newest first. */
  secrets: string[];
}

/** The endpoints that have pending deliveries, each found by one look into the index. */
const WAITING = sql`waiting (endpoint_id) as (
  (select endpoint_id from webhook_deliveries where status = 'PENDING' order by endpoint_id limit 1)
  union all
  select (select endpoint_id from webhook_deliveries
          where status = 'PENDING' and endpoint_id > waiting.endpoint_id order by endpoint_id limit 1)
  from waiting where waiting.endpoint_id is not null
)`;

/**
 * The first event of its key that waits for the endpoint. Over a row `delivery`. The order makes it one look into the index for each
 * row: as an anti-join the planner reads all that waits for the endpoint.
 */
const IS_NEXT_OF_KEY = sql`(delivery.api_key_id is null or delivery.id = (
  select first.id from webhook_deliveries first
  where first.endpoint_id = delivery.endpoint_id and first.api_key_id = delivery.api_key_id and first.status = 'PENDING'
  order by first.created_at, first.id limit 1))`;

/**
 * Claims deliveries that are due, `most` at the most. Only one transaction of all instances claims at a time, so the limits
 * on attempts are exact; an instance that comes second gets none. Deliveries of one key to one endpoint are claimed one after another,
 * in the order of their events. Each endpoint gets its turn, however many deliveries wait for another.
 */
export async function claimDue(session: Session, most: number): Promise<Claim[]> {
  // Everything is found by an index, however old the statistics are. A bitmap scan would read the entries of all claims of the last
  // minute again and again; an index scan marks those that are over.
  const { rows: locks } = await sql<{ isMine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('webhook claims', 0)) as "isMine",
      set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`.execute(session);
  if (!locks[0]?.isMine) return [];
  // A statement of its own: it must see what the transaction before it has claimed.
  const { rows } = await sql<Claim>`
    with recursive ${WAITING}, claimed as materialized (
      select endpoint_id, tenant_id from webhook_deliveries where claimed_until > now()
    ), due as (
      select list.id, list.next_attempt_at, endpoint.tenant_id,
             row_number() over (partition by endpoint.tenant_id order by list.next_attempt_at) as place
      from waiting
      join webhook_endpoints endpoint on endpoint.id = waiting.endpoint_id and endpoint.is_enabled
      cross join lateral (
        select delivery.id, delivery.next_attempt_at from webhook_deliveries delivery
        where delivery.endpoint_id = endpoint.id and delivery.status = 'PENDING' and delivery.next_attempt_at <= now()
          and (delivery.claimed_until is null or delivery.claimed_until <= now())
          and ${IS_NEXT_OF_KEY}
        order by delivery.next_attempt_at, delivery.created_at
        limit greatest(0, ${MOST.ofEndpoint} - (select count(*) from claimed where claimed.endpoint_id = endpoint.id))
      ) as list
    ), chosen as (
      select id from due
      where place <= ${MOST.ofTenant} - (select count(*) from claimed where claimed.tenant_id = due.tenant_id)
      order by next_attempt_at limit ${most}
    )
    update webhook_deliveries delivery
    set claimed_until = now() + make_interval(secs => ${CLAIM_SECONDS}), attempts = attempts + 1, last_attempt_at = now()
    from webhook_endpoints endpoint
    where delivery.id = any(array(select id from chosen)) and endpoint.id = delivery.endpoint_id
    returning delivery.id, delivery.tenant_id as "tenantId", delivery.endpoint_id as "endpointId", endpoint.url,
      delivery.kind, delivery.payload, delivery.traceparent, delivery.attempts,
      array(select secret from webhook_secrets
            where webhook_secrets.endpoint_id = endpoint.id and (expires_at is null or expires_at > now())
            order by expires_at desc nulls first) as secrets`.execute(session);
  return rows;
}

/** Stores the outcome of a claimed attempt, and disables the endpoint where that follows, with a mail to its administrators. */
export async function settle(session: Session, claim: Claim, attempted: Attempted, verdict: Verdict): Promise<void> {
  const status = verdict.kind === 'RETRY' ? 'PENDING' : verdict.kind;
  const seconds = verdict.kind === 'RETRY' ? verdict.seconds : null;
  await sql`
    update webhook_deliveries
    set status = ${status}, next_attempt_at = now() + make_interval(secs => ${seconds}::float8), claimed_until = null,
        last_status = ${attempted.status}::int, last_error = ${faultOf(attempted)}::text
    where id = ${claim.id}::uuid and attempts = ${claim.attempts} and claimed_until is not null`.execute(session);
  if (verdict.kind !== 'FAILED') return;
  const data = { endpointId: claim.endpointId, host: new URL(claim.url).host, reason: verdict.disables };
  await sql`
    with disabled as (
      update webhook_endpoints set is_enabled = false, disabled_reason = ${verdict.disables}
      where id = ${claim.endpointId}::uuid and is_enabled
      returning tenant_id
    )
    insert into mails (tenant_id, kind, data)
    select tenant_id, 'WEBHOOK_ENDPOINT_DISABLED', ${JSON.stringify(data)}::jsonb from disabled`.execute(session);
}

/** Gives a claimed attempt back that was not made, or whose outcome nobody waited for. It is due at once. */
export async function release(session: Session, { id, attempts }: Claim): Promise<void> {
  await sql`
    update webhook_deliveries set claimed_until = null, attempts = attempts - 1
    where id = ${id}::uuid and attempts = ${attempts} and claimed_until is not null`.execute(session);
}

/**
 * How long the oldest delivery is due that an instance could send now, in seconds; 0 where none is. Deliveries that wait for an earlier
 * event of their key, or for their endpoint to be enabled, do not count.
 */
export async function oldestDue(session: Session): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    with recursive ${WAITING}
    select coalesce(extract(epoch from now() - min(oldest.next_attempt_at)), 0)::float8 as seconds
    from waiting join webhook_endpoints endpoint on endpoint.id = waiting.endpoint_id and endpoint.is_enabled
    cross join lateral (
      select delivery.next_attempt_at from webhook_deliveries delivery
      where delivery.endpoint_id = endpoint.id and delivery.status = 'PENDING' and delivery.next_attempt_at <= now()
        and ${IS_NEXT_OF_KEY}
      order by delivery.next_attempt_at limit 1) as oldest`.execute(session);
  return rows[0]?.seconds ?? 0;
}

/** Removes deliveries that have been over for long. @returns how many */
export async function removeOld(session: Session): Promise<bigint> {
  const { numAffectedRows = 0n } = await sql`
    delete from webhook_deliveries where id = any(array(
      select id from webhook_deliveries
      where status <> 'PENDING' and created_at < now() - make_interval(days => ${KEPT_DAYS})
      limit 5000 for update skip locked))`.execute(session);
  return numAffectedRows;
}
