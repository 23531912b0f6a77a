import { Migration } from '@mikro-orm/migrations';

/** Alerts of devices. New table, so no lock on live data. A row is deleted only with its device. */
export class Migration20261122100000_alerts extends Migration {
  override up(): void {
    this.addSql(`
      create table "alerts" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "device_id" uuid not null,
        "severity" text not null,
        "message" text not null,
        "fired_at" timestamptz not null default now(),
        "resolved_at" timestamptz null,
        constraint "alerts_pkey" primary key ("id"),
        constraint "alerts_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
        constraint "alerts_device_id_foreign" foreign key ("device_id") references "devices" ("id") on delete cascade,
        constraint "alerts_severity_check" check ("severity" in ('INFO', 'WARNING', 'CRITICAL')),
        constraint "alerts_fired_at_check" check (isfinite(fired_at)),
        constraint "alerts_resolved_at_check" check (isfinite(resolved_at) and resolved_at >= fired_at)
      )`);
    this.addSql(`create index "alerts_tenant_id_fired_at_id_index" on "alerts" ("tenant_id", "fired_at", "id")`);
    this.addSql(
      `create index "alerts_device_id_tenant_id_fired_at_id_index" on "alerts" ("device_id", "tenant_id", "fired_at", "id")`,
    );
    this.addSql(
      `create index "alerts_firing_index" on "alerts" ("tenant_id", "fired_at", "id") where "resolved_at" is null`,
    );

    this.addSql(`alter table "alerts" enable row level security`);
    this.addSql(`alter table "alerts" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "alerts" to portal_app
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
      with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);

    this.addSql(`grant select, insert, update on "alerts" to portal_app`);
  }

  override down(): void {
    this.addSql(`drop table "alerts"`);
  }
}
