import { Migration } from '@mikro-orm/migrations';

const isInstant = (column: string) => `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;
const iso = (instant: string) => `to_char(${instant} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const KIND = 'API_KEY_USED_AFTER_REVOCATION';
const EARLIER_KINDS = [
  'API_KEY_CREATED',
  'API_KEY_UPDATED',
  'API_KEY_ROTATED',
  'API_KEY_ROTATION_ADOPTED',
  'API_KEY_ROTATION_COMPLETED',
  'API_KEY_SUSPENDED',
  'API_KEY_RESUMED',
  'API_KEY_REVOKED',
  'API_KEY_TRANSFERRED',
  'API_KEY_LEAK_REPORTED',
  'API_KEY_POLICY_CHANGED',
  'API_KEY_APPROVAL_REQUESTED',
  'API_KEY_APPROVED',
  'API_KEY_REJECTED',
];

/**
 * Notices that time brings about: a key expires soon, has expired, or was used after its revocation. New tables, so no lock on live
 * data. The check of kinds reads `webhook_deliveries` once. `create trigger` takes a SHARE ROW EXCLUSIVE lock on `api_keys` for a
 * moment: writes wait, reads do not.
 */
export class Migration20261129010000_key_notices extends Migration {
  override up(): void {
    this.addSql(`
      create table "api_key_notices" (
        "api_key_id" uuid not null,
        "notice" text not null,
        "ends_at" timestamptz null,
        "noticed_at" timestamptz not null default now(),
        constraint "api_key_notices_pkey" primary key ("api_key_id", "notice"),
        constraint "api_key_notices_api_key_id_foreign" foreign key ("api_key_id") references "api_keys" ("id") on delete cascade,
        constraint "api_key_notices_notice_check" check ("notice" in
          ('EXPIRING_30', 'EXPIRING_7', 'EXPIRING_1', 'EXPIRED', 'USED_AFTER_REVOCATION')),
        constraint "api_key_notices_ends_at_bounds_check" check (${isInstant('ends_at')}),
        constraint "api_key_notices_noticed_at_bounds_check" check (${isInstant('noticed_at')})
      )`);
    this.addSql(`
      create table "notice_sweeps" (
        "name" text not null,
        "last_key_id" uuid null,
        "swept_at" timestamptz null,
        "begun_at" timestamptz not null default now(),
        constraint "notice_sweeps_pkey" primary key ("name")
      )`);
    this.addSql(`insert into "notice_sweeps" (name) values ('expiry')`);
    for (const table of ['api_key_notices', 'notice_sweeps']) {
      this.addSql(`alter table "${table}" enable row level security`);
      this.addSql(`alter table "${table}" force row level security`);
      this.addSql(`create policy "jobs_work" on "${table}" to portal_jobs using (true) with check (true)`);
    }
    this.addSql(`grant select, insert, update, delete on "api_key_notices" to portal_jobs`);
    this.addSql(`grant select, update on "notice_sweeps" to portal_jobs`);
    this.kinds([
      ...EARLIER_KINDS.slice(0, 9),
      'API_KEY_EXPIRING',
      'API_KEY_EXPIRED',
      'API_KEY_LEAK_REPORTED',
      KIND,
      ...EARLIER_KINDS.slice(10),
    ]);
    this.usesAfterRevocation();
  }

  /** At most one an hour and key: the row of the key's last notice is locked, so two writers at once make one notice. */
  private usesAfterRevocation(): void {
    this.addSql(`
      create function "write_used_after_revocation"() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
      begin
        insert into public.api_key_notices as known (api_key_id, notice) values (new.id, 'USED_AFTER_REVOCATION')
        on conflict (api_key_id, notice) do update set noticed_at = now()
        where known.noticed_at <= now() - interval '1 hour';
        if not found then return null; end if;
        insert into public.webhook_deliveries (tenant_id, endpoint_id, kind, api_key_id, payload)
        select new.tenant_id, endpoint.id, '${KIND}', new.id,
               jsonb_build_object(
                 'type', 'api_key.used_after_revocation',
                 'timestamp', ${iso('now()')},
                 'data', jsonb_build_object('tenantId', new.tenant_id, 'apiKeyId', new.id, 'apiKeyName', new.name,
                   'attemptsAfterRevocation', new.attempts_after_revocation))
        from public.webhook_endpoints endpoint
        where endpoint.tenant_id = new.tenant_id and endpoint.is_enabled
          and (endpoint.kinds = '[]' or endpoint.kinds ? '${KIND}');
        return null;
      end $$`);
    this
      .addSql(`create trigger "api_keys_notify_used_after_revocation" after update of attempts_after_revocation on "api_keys"
      for each row when (new.attempts_after_revocation > old.attempts_after_revocation)
      execute function write_used_after_revocation()`);
  }

  private kinds(kinds: readonly string[]): void {
    this.addSql(`alter table "webhook_deliveries" drop constraint "webhook_deliveries_kind_check"`);
    this.addSql(`alter table "webhook_deliveries" add constraint "webhook_deliveries_kind_check"
      check ("kind" in (${kinds.map((kind) => `'${kind}'`).join(', ')}))`);
  }

  override down(): void {
    this.addSql(`drop trigger "api_keys_notify_used_after_revocation" on "api_keys"`);
    this.addSql(`drop function "write_used_after_revocation"()`);
    this.addSql(
      `delete from "webhook_deliveries" where kind not in (${EARLIER_KINDS.map((kind) => `'${kind}'`).join(', ')})`,
    );
    this.kinds(EARLIER_KINDS);
    this.addSql(`drop table "notice_sweeps"`);
    this.addSql(`drop table "api_key_notices"`);
  }
}
