import { Migration } from '@mikro-orm/migrations';

/**
 * Announces every change of what a verdict on a key rests on, whoever makes it. `create trigger` takes a SHARE ROW
 * EXCLUSIVE lock on each of the three tables for a moment: writes wait, reads do not.
 *
 * The statement triggers compare whole transition tables, so that one statement costs one comparison and sends one
 * message per 100 things, or a single `all` beyond 1,000. They fire in replica sessions too (`enable always`).
 */
export class Migration20261122140000_change_triggers extends Migration {
  override up(): void {
    // The search path is fixed: a console with another one must not break the function, nor put its own in its place.
    this.addSql(`
      create function "announce_change"() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
      declare
        kind constant text := tg_argv[0];
        names constant text := tg_argv[1];
        watched constant text := tg_argv[2];
        changed text;
        named text[];
      begin
        if tg_op = 'TRUNCATE' then
          perform pg_notify('latchkey_changes', 'all');
          return null;
        end if;
        changed := case tg_op
          when 'INSERT' then format('select %s from new_rows', names)
          when 'DELETE' then format('select %s from old_rows', names)
          else format('select %1$s from (select %1$s, %2$s from old_rows except select %1$s, %2$s from new_rows) as gone
            union select %1$s from (select %1$s, %2$s from new_rows except select %1$s, %2$s from old_rows) as come',
            names, watched)
        end;
        execute format('select array(select distinct name from (%1$s) as changed, unnest(array[%2$s]::text[]) as name
          where name is not null limit 1001)', changed, names) into named;
        if cardinality(named) > 1000 then
          perform pg_notify('latchkey_changes', 'all');
          return null;
        end if;
        for start_at in 1 .. cardinality(named) by 100 loop
          perform pg_notify('latchkey_changes', kind || ':' || array_to_string(named[start_at : start_at + 99], ','));
        end loop;
        return null;
      end $$`);
    this.watch('api_keys', `'key', 'key_hash', 'id, tenant_id, user_id, scopes, expires_at, suspended_at, revoked_at'`);
    this.watch('users', `'user', 'id', 'tenant_id, role, is_active'`);
    this.watch('tenants', `'tenant', 'id', 'suspended_at'`);
  }

  override down(): void {
    for (const table of ['api_keys', 'users', 'tenants'])
      for (const event of ['update', 'delete', 'truncate'])
        this.addSql(`drop trigger "${table}_announce_${event}" on "${table}"`);
    this.addSql(`drop function "announce_change"()`);
  }

  private watch(table: string, watched: string): void {
    const tables = { update: 'old table as old_rows new table as new_rows', delete: 'old table as old_rows' };
    for (const [event, referencing] of Object.entries(tables))
      this.addSql(`create trigger "${table}_announce_${event}" after ${event} on "${table}"
        referencing ${referencing} for each statement execute function announce_change(${watched})`);
    this.addSql(`create trigger "${table}_announce_truncate" after truncate on "${table}"
      for each statement execute function announce_change()`);
    for (const event of ['update', 'delete', 'truncate'])
      this.addSql(`alter table "${table}" enable always trigger "${table}_announce_${event}"`);
  }
}
