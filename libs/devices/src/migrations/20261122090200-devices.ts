import { Migration } from '@mikro-orm/migrations';

/** Devices. New table, so no lock on live data. */
export class Migration20261122090200_devices extends Migration {
  override up(): void {
    this.addSql(`
      create table "devices" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "hostname" text not null,
        "hostname_sort" text generated always as (lower(hostname)) stored,
        "ip_address" text not null,
        "model" text null,
        "serial_number" text null,
        "firmware_version" text null,
        "status" text not null default 'UNKNOWN',
        "last_seen_at" timestamptz null,
        "created_at" timestamptz not null default now(),
        "updated_at" timestamptz not null default now(),
        constraint "devices_pkey" primary key ("id"),
        constraint "devices_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
        constraint "devices_status_check" check ("status" in ('UNKNOWN', 'ONLINE', 'OFFLINE'))
      )`);
    this.addSql(
      `create unique index "devices_tenant_id_hostname_unique" on "devices" ("tenant_id", "hostname_sort" collate "C")`,
    );

    this.addSql(`alter table "devices" enable row level security`);
    this.addSql(`alter table "devices" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "devices" to portal_app
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
      with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    this.addSql(`create policy "jobs_work" on "devices" to portal_jobs using (true) with check (true)`);

    this.addSql(`grant select, insert, update, delete on "devices" to portal_app, portal_jobs`);
  }

  override down(): void {
    this.addSql(`drop table "devices"`);
  }
}
