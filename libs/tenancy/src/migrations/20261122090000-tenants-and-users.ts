import { Migration } from '@mikro-orm/migrations';

/** Tenants and users. New tables, so no lock on live data. */
export class Migration20261122090000_tenants_and_users extends Migration {
  override up(): void {
    this.addSql(`
      create table "tenants" (
        "id" uuid not null default gen_random_uuid(),
        "name" text not null,
        "created_at" timestamptz not null default now(),
        "suspended_at" timestamptz null,
        constraint "tenants_pkey" primary key ("id")
      )`);
    this.addSql(`
      create table "users" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid null,
        "subject" text null,
        "email" text not null,
        "name" text not null,
        "kind" text not null default 'HUMAN',
        "role" text not null,
        "is_active" boolean not null default true,
        "created_at" timestamptz not null default now(),
        constraint "users_pkey" primary key ("id"),
        constraint "users_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade,
        constraint "users_subject_unique" unique ("subject"),
        constraint "users_email_unique" unique ("email"),
        constraint "users_email_check" check (email = lower(email)),
        constraint "users_kind_check" check ("kind" in ('HUMAN', 'SERVICE')),
        constraint "users_role_check" check ("role" in ('SUPER_ADMIN', 'TENANT_ADMIN', 'OPERATOR', 'VIEWER')),
        constraint "users_tenant_check" check ((role = 'SUPER_ADMIN') = (tenant_id is null))
      )`);
    this.addSql(`create index "users_tenant_id_index" on "users" ("tenant_id")`);

    this.addSql(`alter table "tenants" enable row level security`);
    this.addSql(`alter table "tenants" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "tenants" for select to portal_app
      using (id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    this.addSql(`create policy "verifier_reads" on "tenants" for select to portal_verifier using (true)`);
    this.addSql(`create policy "jobs_work" on "tenants" to portal_jobs using (true) with check (true)`);

    this.addSql(`alter table "users" enable row level security`);
    this.addSql(`alter table "users" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "users" for select to portal_app
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    this.addSql(`create policy "platform_users" on "users" for select to portal_app
      using (tenant_id is null and nullif(current_setting('app.tenant_id', true), '') is not null)`);
    this.addSql(`create policy "verifier_reads" on "users" for select to portal_verifier using (true)`);
    this.addSql(`create policy "jobs_work" on "users" to portal_jobs using (true) with check (true)`);

    this.addSql(`grant select on "tenants", "users" to portal_app, portal_verifier`);
    this.addSql(`grant select, insert, update, delete on "tenants", "users" to portal_jobs`);
  }

  override down(): void {
    this.addSql(`drop table "users"`);
    this.addSql(`drop table "tenants"`);
  }
}
