import { type RawBuilder, sql } from 'kysely';
import type { ImportedKey } from './imported-key.js';

/** The result of the statement for each row: the reason for skipping it, or its effect. */
export interface JudgedRow {
  id: string;
  reason: string | null;
  effect: 'imported' | 'updated' | 'unchanged';
  /** What differs from the replaced system and stays as it is here. */
  difference: string | null;
}

/**
 * Each row with its obstacles. A key that was rotated here is also recognised by its former hash. The owner is an obstacle only for
 * a new key: what ended in the replaced system ends here too, under any owner.
 */
const JUDGED = sql`
  looked_at as (
    select given.*, here.id is not null as is_here,
      case when here.user_id <> given.user_id and here.revoked_at is null
        then 'user_id: the key belongs to another user here' end as difference,
      case
        when tenants.id is null then 'tenant_id: there is no such tenant here'
        when here.tenant_id <> given.tenant_id then 'tenant_id: the key belongs to another tenant here'
        when here.id is null and users.id is null then 'user_id: there is no such user here'
        when here.id is null and users.tenant_id is distinct from given.tenant_id
          then 'user_id: is a user of another tenant'
        when taken.id is not null or former.api_key_id <> given.id then 'key_hash: is that of another key'
        when here.key_hash <> given.key_hash and former.api_key_id is null then 'id: is that of another key'
      end as fault
    from given
    left join tenants on tenants.id = given.tenant_id
    left join users on users.id = given.user_id
    left join api_keys here on here.id = given.id
    left join api_keys taken on taken.key_hash = given.key_hash and taken.id <> given.id
    left join api_key_former_secrets former on former.key_hash = given.key_hash
  ),
  judged as (
    select *, coalesce(fault, case
        when not is_here and row_number() over (partition by key_hash, fault is null and not is_here order by id) > 1
          then 'key_hash: stands twice in the source'
      end) as reason
    from looked_at
  )`;

const INSTANT = sql.raw(`'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`);
/** An instant as the audit trail writes it. */
const written = (column: string) => sql`to_char(${sql.raw(column)} at time zone 'UTC', ${INSTANT})`;
const IS_NARROWED = sql`(not judged.scopes @> api_keys.scopes
  or judged.expires_at < coalesce(api_keys.expires_at, 'infinity'))`;

/**
 * Inserts the new rows, carries the others forward, and records both in the audit trail. A key is only narrowed: its scopes to
 * those that both systems have, its expiry to the earlier one.
 */
const WRITTEN = sql`
  inserted as (
    insert into api_keys (id, tenant_id, user_id, name, key_prefix, key_hash, scopes, expires_at, last_used_at,
      created_at, revoked_at)
    select id, tenant_id, user_id, name, key_prefix, key_hash, scopes, expires_at, last_used_at, created_at, revoked_at
    from judged where reason is null and not is_here
    on conflict do nothing
    returning id
  ),
  carried as (
    update api_keys set
      revoked_at = coalesce(api_keys.revoked_at, judged.revoked_at),
      last_used_at = greatest(api_keys.last_used_at, judged.last_used_at),
      scopes = case when api_keys.revoked_at is not null then api_keys.scopes else (
        select coalesce(jsonb_agg(scope order by place), '[]')
        from jsonb_array_elements(api_keys.scopes) with ordinality as given (scope, place)
        where judged.scopes @> scope) end,
      expires_at = case when api_keys.revoked_at is not null then api_keys.expires_at
        else least(api_keys.expires_at, judged.expires_at) end,
      version = api_keys.version + (api_keys.revoked_at is null
        and (judged.revoked_at is not null or ${IS_NARROWED}))::int
    from judged
    where api_keys.id = judged.id and judged.reason is null and judged.is_here
      and (api_keys.revoked_at is null and (judged.revoked_at is not null or ${IS_NARROWED})
        or judged.last_used_at > coalesce(api_keys.last_used_at, '-infinity'))
    returning new.id, new.tenant_id, new.name, new.revoked_at, old.revoked_at is null as was_alive,
      case when old.scopes <> new.scopes
        then jsonb_build_object('scopes', jsonb_build_object('old', old.scopes, 'new', new.scopes)) else '{}' end
      || case when old.expires_at is distinct from new.expires_at
        then jsonb_build_object('expiresAt', jsonb_build_object('old', ${written('old.expires_at')},
          'new', ${written('new.expires_at')})) else '{}' end as narrowed
  ),
  recorded as (
    insert into api_key_events (tenant_id, kind, api_key_id, api_key_name, changes)
    select tenant_id, 'IMPORTED', id, name, '{}'::jsonb from judged where id in (select id from inserted)
    union all
    select tenant_id, 'UPDATED', id, name, narrowed from carried where narrowed <> '{}'
    union all
    select tenant_id, 'REVOKED', id, name, jsonb_build_object('revokedAt', jsonb_build_object('old', null,
      'new', ${written('revoked_at')}))
    from carried where was_alive and revoked_at is not null
  )`;

/** One batch in one statement: judges each row, inserts the new rows, carries the others forward, and reports on each row. */
export const importStatement = (batch: readonly ImportedKey[]): RawBuilder<JudgedRow> => sql<JudgedRow>`
  with given as (
    select * from jsonb_to_recordset(${JSON.stringify(batch)}::jsonb) as row (
      id uuid, tenant_id uuid, user_id uuid, name text, key_prefix text, key_hash text, scopes jsonb,
      expires_at timestamptz, last_used_at timestamptz, created_at timestamptz, revoked_at timestamptz)
  ),
  ${JUDGED},
  ${WRITTEN}
  select judged.id, judged.reason, case when judged.reason is null then judged.difference end as difference,
    case when inserted.id is not null then 'imported' when carried.id is not null then 'updated' else 'unchanged' end
      as effect
  from judged left join inserted using (id) left join carried using (id)`;
