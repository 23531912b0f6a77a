import { Migration } from '@mikro-orm/migrations';

/**
 * Announces the tenants of new events, for the live streams of every instance. The notification leaves with the commit of the
 * events. `create trigger` takes a SHARE ROW EXCLUSIVE lock for a moment: writes wait, reads do not.
 */
export class Migration20261129010100_event_announcements extends Migration {
  override up(): void {
    this.addSql(`
      create function "announce_events"() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
      declare
        tenants uuid[] := array(select distinct tenant_id from new_rows limit 101);
      begin
        if cardinality(tenants) > 100 then
          perform pg_notify('latchkey_events', 'all');
        else
          perform pg_notify('latchkey_events', tenant::text) from unnest(tenants) as tenant;
        end if;
        return null;
      end $$`);
    this.addSql(`create trigger "api_key_events_stream_insert" after insert on "api_key_events"
      referencing new table as new_rows for each statement execute function announce_events()`);
    this.addSql(`alter table "api_key_events" enable always trigger "api_key_events_stream_insert"`);
  }

  override down(): void {
    this.addSql(`drop trigger "api_key_events_stream_insert" on "api_key_events"`);
    this.addSql(`drop function "announce_events"()`);
  }
}
