import { sql } from 'kysely';
import { type Session } from '#database';
import { LIMITS } from '#kernel';
import { forgetOlderAddresses } from './key-addresses.sql.js';
import type { KeyUseRow } from './use-batch.js';

/** How long a batch waits for a row of use that another transaction holds. A batch does not wait at all for a key's own row. */
const LOCK_TIMEOUT_MS = 100;

/** Adds the counts to the hours of `uses`. */
const COUNT_HOURS = sql`
  insert into api_key_usage_hours (api_key_id, hour, tenant_id, allowed, denied)
  select id, date_trunc('hour', statement_timestamp() - make_interval(secs => h.age), 'UTC'), tenant_id,
         sum(h.allowed), sum(h.denied)
  from uses cross join jsonb_to_recordset(uses.hours) as h (age float8, allowed bigint, denied bigint)
  group by 1, 2, 3
  order by 1, 2
  on conflict (api_key_id, hour) do update
  set allowed = api_key_usage_hours.allowed + excluded.allowed,
      denied = api_key_usage_hours.denied + excluded.denied`;

/** Stores the last time that the scopes of `uses` were needed. */
const NOTE_SCOPES = sql`
  insert into api_key_scope_use (api_key_id, scope, tenant_id, last_used_at)
  select id, s.scope, tenant_id, statement_timestamp() - make_interval(secs => s.age)
  from uses cross join jsonb_to_recordset(uses.scopes) as s (scope text, age float8)
  order by 1, 2
  on conflict (api_key_id, scope) do update set last_used_at = excluded.last_used_at
  where api_key_scope_use.last_used_at < excluded.last_used_at`;

/** Stores the first and the last time of each address of `uses`. */
const NOTE_ADDRESSES = sql`
  insert into api_key_addresses (api_key_id, ip, tenant_id, first_used_at, last_used_at)
  select id, a.ip, tenant_id, statement_timestamp() - make_interval(secs => max(a."firstAge")),
         statement_timestamp() - make_interval(secs => min(a.age))
  from uses cross join jsonb_to_recordset(uses.addresses) as a (ip text, "firstAge" float8, age float8)
  group by 1, 2, 3
  order by 1, 2
  on conflict (api_key_id, ip) do update
  set first_used_at = least(api_key_addresses.first_used_at, excluded.first_used_at),
      last_used_at = greatest(api_key_addresses.last_used_at, excluded.last_used_at)
  returning api_key_id, xmax = 0 as is_new`;

/** The number of addresses that a key had before the statement. */
const ADDRESSES_BEFORE = sql`
  (select count(*) from api_key_addresses known where known.api_key_id = noted.api_key_id)`;

/** One batch of one recorder. The transaction that writes the batch stores its number. */
export interface BatchName {
  recorderId: string;
  /** Greater than the number of every earlier batch. */
  number: number;
}

/** Creates the row that `isWritten` reads, before the first batch. */
export async function openBatches(session: Session, recorderId: string): Promise<void> {
  await sql`
    insert into api_key_use_batches (recorder_id, number) values (${recorderId}::uuid, 0)
    on conflict do nothing`.execute(session);
}

/**
 * True if this batch was committed. Waits for the transaction that writes the batch, in case the server is still working on it.
 */
export async function isWritten(session: Session, { recorderId, number }: BatchName): Promise<boolean> {
  const { rows } = await sql<{ number: string }>`
    select number from api_key_use_batches where recorder_id = ${recorderId}::uuid for update`.execute(session);
  return Number(rows[0]?.number ?? 0) >= number;
}

/** Stores the number of the batch that this transaction writes. From here on the transaction waits for locks only briefly. */
async function noteBatch(session: Session, { recorderId, number }: BatchName): Promise<void> {
  await sql`
    insert into api_key_use_batches (recorder_id, number) values (${recorderId}::uuid, ${number})
    on conflict (recorder_id) do update set number = excluded.number, written_at = now()
    returning set_config('lock_timeout', ${String(LOCK_TIMEOUT_MS)}, true)`.execute(session);
}

/**
 * Writes the uses of many keys, in one statement and at most once to each row. If a key then has more than ten addresses, a
 * second statement removes the oldest. Instants are the database's clock minus an age, and they only move forwards, so the order
 * in which instances write does not matter. Deleted keys are skipped. A key whose row another transaction holds is left out: no
 * uses wait for another tenant's lock.
 * @param rowsOfNow makes the rows when they are sent: until then the transaction may have waited, or may run once more
 * @returns the ids of the keys that were left out
 */
export async function writeUses(
  session: Session,
  batch: BatchName,
  rowsOfNow: () => readonly KeyUseRow[],
): Promise<string[]> {
  await noteBatch(session, batch);
  const { rows: found } = await sql<{ id: string; isLeftOut: boolean }>`
    with given as materialized (
      select g.*, statement_timestamp() - make_interval(secs => g.age) as used_at
      from jsonb_to_recordset(${JSON.stringify(rowsOfNow())}::jsonb)
        as g (id uuid, age float8, ip text, attempts integer, hours jsonb, scopes jsonb, secrets jsonb, addresses jsonb)
    ), keys as materialized (
      select id, tenant_id, previous_secret_number from api_keys
      where id in (select id from given) order by id for no key update skip locked
    ), uses as materialized (
      select given.*, keys.tenant_id, (
        select statement_timestamp() - make_interval(secs => s.age)
        from jsonb_to_recordset(given.secrets) as s (number integer, age float8)
        where s.number = keys.previous_secret_number) as previous_used_at
      from given join keys using (id)
    ), used as (
      update api_keys
      set last_used_at = greatest(api_keys.last_used_at, uses.used_at),
          last_used_ip = case when api_keys.last_used_at > uses.used_at or uses.used_at is null
                              then api_keys.last_used_ip else uses.ip end,
          previous_last_used_at = greatest(api_keys.previous_last_used_at, uses.previous_used_at),
          attempts_after_revocation =
            least(api_keys.attempts_after_revocation::bigint + uses.attempts, 2147483647)::integer
      from uses
      where api_keys.id = uses.id
        and (greatest(api_keys.last_used_at, uses.used_at) is distinct from api_keys.last_used_at
          or greatest(api_keys.previous_last_used_at, uses.previous_used_at)
             is distinct from api_keys.previous_last_used_at
          or uses.attempts > 0)
    ), counted as (${COUNT_HOURS}), needed as (${NOTE_SCOPES}), noted as (${NOTE_ADDRESSES})
    select id, true as "isLeftOut" from api_keys where id in (select id from given) and id not in (select id from keys)
    union all
    select api_key_id, false from noted group by api_key_id
    having bool_or(is_new) and count(*) filter (where is_new) + ${ADDRESSES_BEFORE} > ${LIMITS.recentIps}`.execute(
    session,
  );
  const idsOf = (isLeftOut: boolean) => found.filter((row) => row.isLeftOut === isLeftOut).map(({ id }) => id);
  const withTooMany = idsOf(false);
  if (withTooMany.length > 0) await forgetOlderAddresses(session, withTooMany);
  return idsOf(true);
}
