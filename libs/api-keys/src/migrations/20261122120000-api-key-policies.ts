import { Migration } from '@mikro-orm/migrations';

/** The tenants' own rules for keys. New table, so no lock on live data; a tenant without a row has the defaults. */
export class Migration20261122120000_api_key_policies extends Migration {
  override up(): void {
    this.addSql(`
      create table "api_key_policies" (
        "tenant_id" uuid not null,
        "max_lifetime_days" integer null,
        "max_inactive_days" integer null,
        "require_expiry" boolean not null default false,
        "allowed_scopes" jsonb null,
        "allowed_cidrs" jsonb not null default '[]',
        "max_keys_per_owner" integer null,
        "max_rotation_overlap_seconds" integer not null default 604800,
        "updated_at" timestamptz not null default now(),
        constraint "api_key_policies_pkey" primary key ("tenant_id"),
        constraint "api_key_policies_tenant_id_foreign"
          foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
        constraint "api_key_policies_days_check" check (max_lifetime_days > 0 and max_inactive_days > 0),
        constraint "api_key_policies_allowed_scopes_check" check (jsonb_typeof(allowed_scopes) = 'array'),
        constraint "api_key_policies_allowed_cidrs_check" check (jsonb_typeof(allowed_cidrs) = 'array')
      )`);

    this.addSql(`alter table "api_key_policies" enable row level security`);
    this.addSql(`alter table "api_key_policies" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "api_key_policies" to portal_app
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
      with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    this.addSql(`create policy "verifier_reads" on "api_key_policies" for select to portal_verifier using (true)`);
    this.addSql(`create policy "jobs_work" on "api_key_policies" to portal_jobs using (true) with check (true)`);

    this.addSql(`grant select, insert, update on "api_key_policies" to portal_app`);
    this.addSql(`grant select on "api_key_policies" to portal_verifier`);
    this.addSql(`grant select, insert, update, delete on "api_key_policies" to portal_jobs`);
  }

  override down(): void {
    this.addSql(`drop table "api_key_policies"`);
  }
}
