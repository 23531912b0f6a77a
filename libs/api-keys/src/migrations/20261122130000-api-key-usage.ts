import { Migration } from '@mikro-orm/migrations';

/**
 * Use of API keys: counts by hour, by day once the hours are old, and the last need of each scope. New tables, so no
 * lock on live data. A row's tenant is copied from its key by the statement that writes it and goes with the key; a
 * foreign key of its own would only cost another index on a busy table.
 */
export class Migration20261122130000_api_key_usage extends Migration {
  override up(): void {
    this.addSql(`
      create table "api_key_usage_hours" (
        "api_key_id" uuid not null,
        "hour" timestamptz not null,
        "tenant_id" uuid not null,
        "allowed" bigint not null,
        "denied" bigint not null,
        constraint "api_key_usage_hours_pkey" primary key ("api_key_id", "hour"),
        constraint "api_key_usage_hours_api_key_id_foreign" foreign key ("api_key_id")
          references "api_keys" ("id") on delete cascade
      )`);
    this.addSql(`create index "api_key_usage_hours_hour_index" on "api_key_usage_hours" using brin ("hour")`);
    this.addSql(`
      create table "api_key_usage_days" (
        "api_key_id" uuid not null,
        "day" date not null,
        "tenant_id" uuid not null,
        "allowed" bigint not null,
        "denied" bigint not null,
        constraint "api_key_usage_days_pkey" primary key ("api_key_id", "day"),
        constraint "api_key_usage_days_api_key_id_foreign" foreign key ("api_key_id")
          references "api_keys" ("id") on delete cascade
      )`);
    this.addSql(`create index "api_key_usage_days_day_index" on "api_key_usage_days" using brin ("day")`);
    this.addSql(`
      create table "api_key_scope_use" (
        "api_key_id" uuid not null,
        "scope" text not null,
        "tenant_id" uuid not null,
        "last_used_at" timestamptz not null,
        constraint "api_key_scope_use_pkey" primary key ("api_key_id", "scope"),
        constraint "api_key_scope_use_api_key_id_foreign" foreign key ("api_key_id")
          references "api_keys" ("id") on delete cascade
      )`);
    for (const table of ['api_key_usage_hours', 'api_key_usage_days', 'api_key_scope_use']) {
      this.addSql(`alter table "${table}" enable row level security`);
      this.addSql(`alter table "${table}" force row level security`);
      this.addSql(`create policy "tenant_isolation" on "${table}" for select to portal_app
        using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
      this.addSql(`create policy "jobs_work" on "${table}" to portal_jobs using (true) with check (true)`);
      this.addSql(`grant select on "${table}" to portal_app`);
      this.addSql(`grant select, insert, update, delete on "${table}" to portal_jobs`);
    }
  }

  override down(): void {
    this.addSql(`drop table "api_key_scope_use"`);
    this.addSql(`drop table "api_key_usage_days"`);
    this.addSql(`drop table "api_key_usage_hours"`);
  }
}
