import { Migration } from '@mikro-orm/migrations';

const isInstant = (column: string) => `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;
const MEMBER = `(select nullif(current_setting('app.member_id', true), '')::uuid as member)`;
const IS_ADMITTED = `${MEMBER} is null
  or exists (select from api_keys where id = api_key_id and user_id = ${MEMBER})`;

/** The addresses that keys were used from lately. New table, so no lock on live data. */
export class Migration20261128210100_key_addresses extends Migration {
  override up(): void {
    this.addSql(`
      create table "api_key_addresses" (
        "api_key_id" uuid not null,
        "ip" text not null,
        "tenant_id" uuid not null,
        "first_used_at" timestamptz not null,
        "last_used_at" timestamptz not null,
        constraint "api_key_addresses_pkey" primary key ("api_key_id", "ip"),
        constraint "api_key_addresses_api_key_id_foreign" foreign key ("api_key_id")
          references "api_keys" ("id") on delete cascade,
        constraint "api_key_addresses_first_used_at_bounds_check" check (${isInstant('first_used_at')}),
        constraint "api_key_addresses_last_used_at_bounds_check" check (${isInstant('last_used_at')})
      )`);
    this.addSql(`alter table "api_key_addresses" enable row level security`);
    this.addSql(`alter table "api_key_addresses" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "api_key_addresses" for select to portal_app
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    this.addSql(`create policy "member_isolation" on "api_key_addresses" as restrictive to portal_app
      using (${IS_ADMITTED}) with check (${IS_ADMITTED})`);
    this.addSql(`create policy "jobs_work" on "api_key_addresses" to portal_jobs using (true) with check (true)`);
    this.addSql(`grant select on "api_key_addresses" to portal_app`);
    this.addSql(`grant select, insert, update, delete on "api_key_addresses" to portal_jobs`);
  }

  override down(): void {
    this.addSql(`drop table "api_key_addresses"`);
  }
}
