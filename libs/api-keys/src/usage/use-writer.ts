import { sql } from 'kysely';
import { type Session } from '#database';
import type { KeyUseRow } from './use-batch.js';

/**
 * Writes the uses of many keys, in one statement and at most once to each row. Instants are the database's own clock
 * less an age, and only ever move forwards, so it does not matter which instance writes first. Keys that are gone are
 * passed over. The rows of `api_keys` are locked in the order of their ids before anything is written: two instances
 * wait for each other and do not deadlock.
 */
export async function writeUses(session: Session, rows: readonly KeyUseRow[]): Promise<void> {
  await sql`
    with given as materialized (
      select g.*, statement_timestamp() - make_interval(secs => g.age) as used_at
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as g (id uuid, age float8, ip text, attempts integer, hours jsonb, scopes jsonb, secrets jsonb)
    ), keys as materialized (
      select id, tenant_id, previous_secret_number from api_keys
      where id in (select id from given) order by id for no key update
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
    ), counted as (
      insert into api_key_usage_hours (api_key_id, hour, tenant_id, allowed, denied)
      select id, date_trunc('hour', statement_timestamp() - make_interval(secs => h.age), 'UTC'), tenant_id,
             sum(h.allowed), sum(h.denied)
      from uses cross join jsonb_to_recordset(uses.hours) as h (age float8, allowed bigint, denied bigint)
      group by 1, 2, 3
      order by 1, 2
      on conflict (api_key_id, hour) do update
      set allowed = api_key_usage_hours.allowed + excluded.allowed,
          denied = api_key_usage_hours.denied + excluded.denied
    )
    insert into api_key_scope_use (api_key_id, scope, tenant_id, last_used_at)
    select id, s.scope, tenant_id, statement_timestamp() - make_interval(secs => s.age)
    from uses cross join jsonb_to_recordset(uses.scopes) as s (scope text, age float8)
    order by 1, 2
    on conflict (api_key_id, scope) do update set last_used_at = excluded.last_used_at
    where api_key_scope_use.last_used_at < excluded.last_used_at`.execute(session);
}
