import { Migration } from '@mikro-orm/migrations';

/**
 * Rotation. The new columns have constant defaults, so that the table is locked for a moment only and never rewritten.
 * Hashes of former secrets get a table of their own: an ended secret must stay different from one that never existed.
 */
export class Migration20261122110100_key_rotation extends Migration {
  override up(): void {
    this.addSql(`
      alter table "api_keys"
        add column "secret_number" integer not null default 1,
        add column "rotation_started_at" timestamptz null,
        add column "previous_secret_number" integer null,
        add column "previous_key_prefix" text null,
        add column "previous_expires_at" timestamptz null,
        add column "previous_last_used_at" timestamptz null,
        add column "new_first_used_at" timestamptz null`);
    this.addSql(`
      create table "api_key_former_secrets" (
        "key_hash" text not null,
        "tenant_id" uuid not null,
        "api_key_id" uuid not null,
        "secret_number" integer not null,
        constraint "api_key_former_secrets_pkey" primary key ("key_hash"),
        constraint "api_key_former_secrets_tenant_id_foreign" foreign key ("tenant_id")
          references "tenants" ("id") on delete cascade,
        constraint "api_key_former_secrets_api_key_id_foreign" foreign key ("api_key_id")
          references "api_keys" ("id") on delete cascade
      )`);
    this.addSql(`create index "api_key_former_secrets_api_key_id_index" on "api_key_former_secrets" ("api_key_id")`);

    this.addSql(`alter table "api_key_former_secrets" enable row level security`);
    this.addSql(`alter table "api_key_former_secrets" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "api_key_former_secrets" to portal_app
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
      with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    this.addSql(
      `create policy "verifier_reads" on "api_key_former_secrets" for select to portal_verifier using (true)`,
    );
    this.addSql(`create policy "jobs_work" on "api_key_former_secrets" to portal_jobs using (true) with check (true)`);

    this.addSql(`grant select, insert on "api_key_former_secrets" to portal_app`);
    this.addSql(`grant select on "api_key_former_secrets" to portal_verifier`);
    this.addSql(`grant select, insert, update, delete on "api_key_former_secrets" to portal_jobs`);
  }

  override down(): void {
    this.addSql(`drop table "api_key_former_secrets"`);
    this.addSql(`
      alter table "api_keys"
        drop column "secret_number",
        drop column "rotation_started_at",
        drop column "previous_secret_number",
        drop column "previous_key_prefix",
        drop column "previous_expires_at",
        drop column "previous_last_used_at",
        drop column "new_first_used_at"`);
  }
}
