import { Migration } from '@mikro-orm/migrations';

/** The prefix of this database's keys: one row, which the first start writes. New table, so no lock on live data. */
export class Migration20261128100200_key_prefix extends Migration {
  override up(): void {
    this.addSql(`
      create table "api_key_prefix" (
        "only_row" boolean not null default true,
        "prefix" text not null,
        constraint "api_key_prefix_pkey" primary key ("only_row"),
        constraint "api_key_prefix_only_row_check" check (only_row)
      )`);
    this.addSql(`alter table "api_key_prefix" enable row level security`);
    this.addSql(`alter table "api_key_prefix" force row level security`);
    this.addSql(`create policy "jobs_work" on "api_key_prefix" to portal_jobs using (true) with check (true)`);
    this.addSql(`grant select, insert, delete on "api_key_prefix" to portal_jobs`);
  }

  override down(): void {
    this.addSql(`drop table "api_key_prefix"`);
  }
}
