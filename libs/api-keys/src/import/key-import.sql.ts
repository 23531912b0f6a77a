import { type RawBuilder, sql } from 'kysely';
import type { ImportedKey } from './imported-key.js';

/** The result of the statement for each row: the reason for skipping it, or its effect. */
export interface ImportedRow {
  id: string;
  reason: string | null;
  effect: 'imported' | 'updated' | 'unchanged';
}

/** Each row with its obstacles. A key that was rotated here is also recognised by its former hash. */
const JUDGED = sql`
  looked_at as (
    select given.*, here.id is not null as is_here, here.revoked_at is not null as was_revoked,
      case
        when tenants.id is null then 'tenant_id: there is no such tenant here'
        when users.id is null then 'user_id: there is no such user here'
        when users.tenant_id is distinct from given.tenant_id then 'user_id: is a user of another tenant'
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

/** Inserts the new rows, carries the others forward, and records both in the audit trail. */
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
      version = api_keys.version + (api_keys.revoked_at is null and judged.revoked_at is not null)::int
    from judged
    where api_keys.id = judged.id and judged.reason is null and judged.is_here
      and (api_keys.revoked_at is null and judged.revoked_at is not null
        or judged.last_used_at > coalesce(api_keys.last_used_at, '-infinity'))
    returning api_keys.id, api_keys.tenant_id, api_keys.name, api_keys.revoked_at, was_revoked
  ),
  recorded as (
    insert into api_key_events (tenant_id, kind, api_key_id, api_key_name, changes)
    select tenant_id, 'IMPORTED', id, name, '{}'::jsonb from judged where id in (select id from inserted)
    union all
    select tenant_id, 'REVOKED', id, name, jsonb_build_object('revokedAt', jsonb_build_object('old', null,
      'new', to_char(revoked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
    from carried where not was_revoked and revoked_at is not null
  )`;

/** One batch in one statement: judges each row, inserts the new rows, carries the others forward, and reports on each row. */
export const importStatement = (batch: readonly ImportedKey[]): RawBuilder<ImportedRow> => sql<ImportedRow>`
  with given as (
    select * from jsonb_to_recordset(${JSON.stringify(batch)}::jsonb) as row (
      id uuid, tenant_id uuid, user_id uuid, name text, key_prefix text, key_hash text, scopes jsonb,
      expires_at timestamptz, last_used_at timestamptz, created_at timestamptz, revoked_at timestamptz)
  ),
  ${JUDGED},
  ${WRITTEN}
  select judged.id, judged.reason,
    case when inserted.id is not null then 'imported' when carried.id is not null then 'updated' else 'unchanged' end
      as effect
  from judged left join inserted using (id) left join carried using (id)`;
