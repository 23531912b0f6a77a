import { Migration } from '@mikro-orm/migrations';

/** Configuration backups. New table, so no lock on live data. A row is never changed, and is deleted only with its device. */
export class Migration20261122100100_config_backups extends Migration {
  override up(): void {
    this.addSql(`
      create table "config_backups" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "device_id" uuid not null,
        "trigger" text not null,
        "sha256" text not null,
        "size_bytes" integer not null,
        "content" text not null,
        "created_at" timestamptz not null default now(),
        constraint "config_backups_pkey" primary key ("id"),
        constraint "config_backups_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
        constraint "config_backups_device_id_foreign" foreign key ("device_id") references "devices" ("id") on delete cascade,
        constraint "config_backups_trigger_check" check ("trigger" in ('MANUAL', 'SCHEDULED', 'PRE_UPGRADE')),
        constraint "config_backups_size_bytes_check" check (size_bytes = octet_length(content))
      )`);
    this.addSql(
      `create index "config_backups_tenant_id_created_at_id_index" on "config_backups" ("tenant_id", "created_at", "id")`,
    );
    this.addSql(
      `create index "config_backups_device_id_tenant_id_created_at_id_index" on "config_backups" ("device_id", "tenant_id", "created_at", "id")`,
    );

    this.addSql(`alter table "config_backups" enable row level security`);
    this.addSql(`alter table "config_backups" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "config_backups" to portal_app
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
      with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);

    this.addSql(`grant select, insert on "config_backups" to portal_app`);
  }

  override down(): void {
    this.addSql(`drop table "config_backups"`);
  }
}
