import { Migration } from '@mikro-orm/migrations';

const TRANSITION_TABLES = {
  insert: 'new table as new_rows',
  update: 'old table as old_rows new table as new_rows',
  delete: 'old table as old_rows',
} as const;
type Event = keyof typeof TRANSITION_TABLES;

const API_KEY_COLUMNS = [
  'key_hash',
  'tenant_id',
  'user_id',
  'scopes',
  'expires_at',
  'suspended_at',
  'revoked_at',
  'allowed_cidrs',
  'rate_limit',
  'rate_limit_window_seconds',
  'secret_number',
  'previous_secret_number',
  'previous_expires_at',
  'new_first_used_at',
  'created_at',
];

/**
 * Announces every change of what a verdict on a key depends on, from any program. `create trigger` takes a SHARE ROW
 * EXCLUSIVE lock on each of the five tables for a moment: writes wait, reads do not.
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
    this.watch('api_keys', `'key', 'id', '${API_KEY_COLUMNS.join(', ')}'`);
    this.watch('api_key_former_secrets', `'key', 'api_key_id', 'key_hash, secret_number'`);
    const rules = 'require_expiry, max_lifetime_days, max_inactive_days, allowed_scopes, allowed_cidrs';
    this.watch('api_key_policies', `'tenant', 'tenant_id', '${rules}'`, ['insert', 'update', 'delete']);
    this.watch('users', `'user', 'id', 'tenant_id, role, is_active'`);
    this.watch('tenants', `'tenant', 'id', 'suspended_at'`);
  }

  override down(): void {
    for (const table of ['api_keys', 'api_key_former_secrets', 'api_key_policies', 'users', 'tenants'])
      for (const event of ['insert', 'update', 'delete', 'truncate'])
        this.addSql(`drop trigger if exists "${table}_announce_${event}" on "${table}"`);
    this.addSql(`drop function "announce_change"()`);
  }

  private watch(table: string, watched: string, events: readonly Event[] = ['update', 'delete']): void {
    for (const event of events)
      this.addSql(`create trigger "${table}_announce_${event}" after ${event} on "${table}"
        referencing ${TRANSITION_TABLES[event]} for each statement execute function announce_change(${watched})`);
    this.addSql(`create trigger "${table}_announce_truncate" after truncate on "${table}"
      for each statement execute function announce_change()`);
    for (const event of [...events, 'truncate'])
      this.addSql(`alter table "${table}" enable always trigger "${table}_announce_${event}"`);
  }
}
