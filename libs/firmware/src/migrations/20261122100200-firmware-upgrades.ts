import { Migration } from '@mikro-orm/migrations';

/** Firmware upgrades. New table, so no lock on live data. A row is deleted only with its device. */
export class Migration20261122100200_firmware_upgrades extends Migration {
  override up(): void {
    this.addSql(`
      create table "firmware_upgrades" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "device_id" uuid not null,
        "target_version" text not null,
        "scheduled_at" timestamptz not null,
        "status" text not null default 'SCHEDULED',
        "created_at" timestamptz not null default now(),
        constraint "firmware_upgrades_pkey" primary key ("id"),
        constraint "firmware_upgrades_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
        constraint "firmware_upgrades_device_id_foreign" foreign key ("device_id") references "devices" ("id") on delete cascade,
        constraint "firmware_upgrades_scheduled_at_check" check (isfinite(scheduled_at)),
        constraint "firmware_upgrades_status_check" check ("status" in ('SCHEDULED', 'CANCELLED'))
      )`);
    this.addSql(
      `create index "firmware_upgrades_device_id_tenant_id_created_at_id_index" on "firmware_upgrades" ("device_id", "tenant_id", "created_at", "id")`,
    );
    this.addSql(`create index "firmware_upgrades_tenant_id_index" on "firmware_upgrades" ("tenant_id")`);

    this.addSql(`alter table "firmware_upgrades" enable row level security`);
    this.addSql(`alter table "firmware_upgrades" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "firmware_upgrades" to portal_app
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
      with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);

    this.addSql(`grant select, insert, update on "firmware_upgrades" to portal_app`);
  }

  override down(): void {
    this.addSql(`drop table "firmware_upgrades"`);
  }
}
