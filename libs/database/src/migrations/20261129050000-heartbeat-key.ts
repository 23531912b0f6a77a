import { Migration } from '@mikro-orm/migrations';

/** The secret by which instances recognize each other's heartbeats: one row, written here. New table, so no lock on live data. */
export class Migration20261129050000_heartbeat_key extends Migration {
  override up(): void {
    this.addSql(`
      create table "heartbeat_key" (
        "only_row" boolean not null default true,
        "key" text not null,
        constraint "heartbeat_key_pkey" primary key ("only_row"),
        constraint "heartbeat_key_only_row_check" check (only_row)
      )`);
    // Two random identifiers have 244 random bits.
    this.addSql(`insert into "heartbeat_key" ("key") values (gen_random_uuid()::text || gen_random_uuid()::text)`);
    this.addSql(`alter table "heartbeat_key" enable row level security`);
    this.addSql(`alter table "heartbeat_key" force row level security`);
    this.addSql(`create policy "verifier_reads" on "heartbeat_key" for select to portal_verifier using (true)`);
    this.addSql(`grant select on "heartbeat_key" to portal_verifier`);
  }

  override down(): void {
    this.addSql(`drop table "heartbeat_key"`);
  }
}
