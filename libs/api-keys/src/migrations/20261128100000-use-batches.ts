import { Migration } from '@mikro-orm/migrations';

/**
 * The last batch of uses that each recorder wrote, so that a batch whose COMMIT had no answer is not counted twice. New
 * table, so no lock on live data. One row for each start of an instance, for a week.
 */
export class Migration20261128100000_use_batches extends Migration {
  override up(): void {
    this.addSql(`
      create table "api_key_use_batches" (
        "recorder_id" uuid not null,
        "number" bigint not null,
        "written_at" timestamptz not null default now(),
        constraint "api_key_use_batches_pkey" primary key ("recorder_id")
      )`);
    this.addSql(`alter table "api_key_use_batches" enable row level security`);
    this.addSql(`alter table "api_key_use_batches" force row level security`);
    this.addSql(`create policy "jobs_work" on "api_key_use_batches" to portal_jobs using (true) with check (true)`);
    this.addSql(`grant select, insert, update, delete on "api_key_use_batches" to portal_jobs`);
  }

  override down(): void {
    this.addSql(`drop table "api_key_use_batches"`);
  }
}
