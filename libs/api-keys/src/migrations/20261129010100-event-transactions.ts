import { Migration } from '@mikro-orm/migrations';

/**
 * The transaction that wrote an event. Readers that follow the trail find by it the events that were committed since their last
 * reading, in whatever order the transactions have ended.
 *
 * The default is evaluated once for the rows that exist, so the table is not rewritten: its lock is short. Building the index
 * blocks writes to the table meanwhile.
 */
export class Migration20261129010100_event_transactions extends Migration {
  override up(): void {
    this.addSql(`alter table "api_key_events" add column "xact" xid8 not null default pg_current_xact_id()`);
    this.addSql(`create index "api_key_events_tenant_id_xact_index" on "api_key_events" ("tenant_id", "xact")`);
  }

  override down(): void {
    this.addSql(`drop index "api_key_events_tenant_id_xact_index"`);
    this.addSql(`alter table "api_key_events" drop column "xact"`);
  }
}
