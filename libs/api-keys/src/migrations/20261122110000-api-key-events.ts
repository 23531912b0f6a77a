import { Migration } from '@mikro-orm/migrations';

/**
 * The audit trail of API keys. New table, so no lock on live data. No foreign keys: it outlives key, user and tenant.
 * Requests and jobs may add and read; changing or removing a row takes the owner of the table.
 */
export class Migration20261122110000_api_key_events extends Migration {
  override up(): void {
    this.addSql(`
      create table "api_key_events" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "at" timestamptz not null default clock_timestamp(),
        "kind" text not null,
        "api_key_id" uuid null,
        "api_key_name" text null,
        "actor_id" uuid null,
        "actor_name" text null,
        "actor_key_id" uuid null,
        "ip" text null,
        "changes" jsonb not null default '{}',
        constraint "api_key_events_pkey" primary key ("id"),
        constraint "api_key_events_kind_check" check ("kind" in
          ('CREATED', 'UPDATED', 'ROTATED', 'ROTATION_COMPLETED', 'SUSPENDED', 'RESUMED', 'REVOKED', 'TRANSFERRED',
           'LEAK_REPORTED', 'POLICY_CHANGED', 'IMPORTED')),
        constraint "api_key_events_changes_check" check (jsonb_typeof(changes) = 'object')
      )`);
    this.addSql(`create index "api_key_events_tenant_id_at_id_index" on "api_key_events" ("tenant_id", "at", "id")`);
    this.addSql(`create index "api_key_events_tenant_id_api_key_id_at_id_index"
      on "api_key_events" ("tenant_id", "api_key_id", "at", "id")`);
    this.addSql(`create index "api_key_events_tenant_id_actor_id_at_id_index"
      on "api_key_events" ("tenant_id", "actor_id", "at", "id")`);

    this.addSql(`alter table "api_key_events" enable row level security`);
    this.addSql(`alter table "api_key_events" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "api_key_events" to portal_app
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
      with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    this.addSql(`create policy "jobs_work" on "api_key_events" to portal_jobs using (true) with check (true)`);

    this.addSql(`grant select, insert on "api_key_events" to portal_app, portal_jobs`);
  }

  override down(): void {
    this.addSql(`drop table "api_key_events"`);
  }
}
