import { Migration } from '@mikro-orm/migrations';

const isInstant = (column: string) => `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;
const TENANT = `tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid`;
const MEMBER = `(select nullif(current_setting('app.member_id', true), '')::uuid as member)`;

/**
 * Mails that are to be sent, and the kinds of mails that each person wants. New tables, so no lock on live data. `create trigger`
 * takes a SHARE ROW EXCLUSIVE lock on `api_key_events` for a moment: writes wait, reads do not.
 *
 * Requests may write a mail and may not read one.
 */
export class Migration20261129020000_mails extends Migration {
  override up(): void {
    this.addSql(`
      create table "mails" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "user_id" uuid null,
        "kind" text not null,
        "api_key_id" uuid null,
        "data" jsonb not null,
        "status" text not null default 'PENDING',
        "attempts" int not null default 0,
        "next_attempt_at" timestamptz null default now(),
        "claimed_until" timestamptz null,
        "last_error" text null,
        "created_at" timestamptz not null default now(),
        constraint "mails_pkey" primary key ("id"),
        constraint "mails_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
        constraint "mails_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade,
        constraint "mails_kind_check" check ("kind" in
          ('API_KEY_EXPIRING', 'API_KEY_EXPIRED', 'API_KEY_LEAK_REPORTED', 'WEBHOOK_ENDPOINT_DISABLED')),
        constraint "mails_status_check" check ("status" in ('PENDING', 'SENT', 'FAILED', 'DROPPED')),
        constraint "mails_data_check" check (jsonb_typeof(data) = 'object'),
        constraint "mails_due_check" check ((status = 'PENDING') = (next_attempt_at is not null)),
        constraint "mails_last_error_bounds_check" check (char_length(last_error) <= 200),
        constraint "mails_created_at_bounds_check" check (${isInstant('created_at')})
      )`);
    this.addSql(`create index "mails_due_index" on "mails" ("next_attempt_at") where status = 'PENDING'`);
    this.addSql(`create index "mails_tenant_id_index" on "mails" ("tenant_id")`);
    this.addSql(`create index "mails_user_id_index" on "mails" ("user_id")`);
    this.addSql(`
      create table "mail_preferences" (
        "tenant_id" uuid not null,
        "user_id" uuid not null,
        "kinds" jsonb not null,
        constraint "mail_preferences_pkey" primary key ("tenant_id", "user_id"),
        constraint "mail_preferences_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on update cascade on delete cascade,
        constraint "mail_preferences_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade,
        constraint "mail_preferences_kinds_check" check (jsonb_typeof(kinds) = 'array')
      )`);
    this.addSql(`create index "mail_preferences_user_id_index" on "mail_preferences" ("user_id")`);
    for (const table of ['mails', 'mail_preferences']) {
      this.addSql(`alter table "${table}" enable row level security`);
      this.addSql(`alter table "${table}" force row level security`);
      this.addSql(
        `create policy "tenant_isolation" on "${table}" to portal_app using (${TENANT}) with check (${TENANT})`,
      );
      this.addSql(`create policy "jobs_work" on "${table}" to portal_jobs using (true) with check (true)`);
    }
    this.addSql(`create policy "member_isolation" on "mail_preferences" as restrictive to portal_app
      using (${MEMBER} is null or user_id = ${MEMBER}) with check (${MEMBER} is null or user_id = ${MEMBER})`);
    this.addSql(`grant insert on "mails" to portal_app`);
    this.addSql(`grant select, insert, update, delete on "mails" to portal_jobs`);
    this.addSql(`grant select, insert, update, delete on "mail_preferences" to portal_app`);
    this.addSql(`grant select on "mail_preferences" to portal_jobs`);
    this.leaks();
  }

  /** A leak is mailed by the transaction that records it. */
  private leaks(): void {
    this.addSql(`
      create function "write_leak_mail"() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
      begin
        insert into public.mails (tenant_id, kind, api_key_id, data)
        values (new.tenant_id, 'API_KEY_LEAK_REPORTED', new.api_key_id, jsonb_build_object('apiKeyName', new.api_key_name));
        return null;
      end $$`);
    this.addSql(`create trigger "api_key_events_mail_leak" after insert on "api_key_events" for each row
      when (new.kind = 'LEAK_REPORTED') execute function write_leak_mail()`);
  }

  override down(): void {
    this.addSql(`drop trigger "api_key_events_mail_leak" on "api_key_events"`);
    this.addSql(`drop function "write_leak_mail"()`);
    this.addSql(`drop table "mail_preferences"`);
    this.addSql(`drop table "mails"`);
  }
}
