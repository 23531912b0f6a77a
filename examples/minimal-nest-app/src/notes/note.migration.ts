import { Migration } from '@mikro-orm/migrations';

/** Notes, of which each tenant sees its own. */
export class Migration20300101000000_notes extends Migration {
  override up(): void {
    this.addSql(`
      create table "notes" (
        "id" uuid not null default gen_random_uuid(),
        "tenant_id" uuid not null,
        "text" text not null,
        constraint "notes_pkey" primary key ("id"),
        constraint "notes_tenant_id_foreign" foreign key ("tenant_id") references "tenants" ("id") on delete cascade
      )`);
    this.addSql(`alter table "notes" enable row level security`);
    this.addSql(`alter table "notes" force row level security`);
    this.addSql(`create policy "tenant_isolation" on "notes" to portal_app
      using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
      with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)`);
    this.addSql(`grant select, insert, update, delete on "notes" to portal_app`);
  }

  override down(): void {
    this.addSql(`drop table "notes"`);
  }
}
