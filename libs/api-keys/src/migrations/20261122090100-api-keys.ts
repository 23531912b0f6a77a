import { Migration } from '@mikro-orm/migrations';

/** API keys: the columns of the replaced system, by the same names, and our own. New table, so no lock on live data. */
export class Migration20261122090100_api_keys extends Migration {
  override up(): void {
    this.addSql(`
      create table "api_keys" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "user_id" uuid not null,
        "name" text not null,
        "key_prefix" text not null,
        "key_hash" text not null,
        "scopes" jsonb not null default '[]',
        "expires_at" timestamptz null,
        "last_used_at" timestamptz null,
        "created_at" timestamptz not null default now(),
        "revoked_at" timestamptz null,
        "description" text null,
        "created_by_id" uuid null,
        "last_used_ip" text null,
        "suspended_at" timestamptz null,
        "revoked_by_id" uuid null,
        "revocation_reason" text null,
        "revocation_note" text null,
        "attempts_after_revocation" integer not null default 0,
        "allowed_cidrs" jsonb not null default '[]',
        "rate_limit" integer null,
        "rate_limit_window_seconds" integer null,
        "metadata" jsonb not null default '{}',
        "version" integer not null default 1,
        constraint "api_keys_pkey" primary key ("id"),
        constraint "api_keys_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
        constraint "api_keys_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade,
        constraint "api_keys_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id") on delete set null,
        constraint "api_keys_revoked_by_id_foreign" foreign key ("revoked_by_id") references "users" ("id") on delete set null,
        constraint "api_keys_key_hash_unique" unique ("key_hash"),
        constraint "api_keys_scopes_check" check (jsonb_typeof(scopes) = 'array'),
        constraint "api_keys_expires_at_check" check (isfinite(expires_at) and expires_at < '10000-01-01 00:00:00+00'),
        constraint "api_keys_revocation_reason_check" check ("revocation_reason" in
          ('COMPROMISED', 'OWNER_LEFT', 'SUPERSEDED', 'UNUSED', 'POLICY', 'OTHER')),
        constraint "api_keys_rate_limit_check" check ((rate_limit is null) = (rate_limit_window_seconds is null))
      )`);
    this.addSql(
      `create index "api_keys_tenant_id_created_at_id_index" on "api_keys" ("tenant_id", "created_at", "id")`,
    );
    this.addSql(`create index "api_keys_user_id_index" on "api_keys" ("user_id")`);

    this.addSql(`alter table "api_keys" enable row level security`);
    this.addSql(`alter table "api_keys" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "api_keys" to portal_app
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
      with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    this.addSql(`create policy "verifier_reads" on "api_keys" for select to portal_verifier using (true)`);
    this.addSql(`create policy "jobs_work" on "api_keys" to portal_jobs using (true) with check (true)`);

    this.addSql(`grant select, insert, update on "api_keys" to portal_app`);
    this.addSql(`grant select on "api_keys" to portal_verifier`);
    this.addSql(`grant select, insert, update, delete on "api_keys" to portal_jobs`);
  }

  override down(): void {
    this.addSql(`drop table "api_keys"`);
  }
}
