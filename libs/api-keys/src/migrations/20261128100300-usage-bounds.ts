import { Migration } from '@mikro-orm/migrations';

/** Instants that RFC 3339 can write. */
const isInstant = (column: string) => `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;
const BOUNDS: readonly [table: string, column: string, condition: string][] = [
  ['api_key_usage_hours', 'allowed', 'allowed >= 0'],
  ['api_key_usage_hours', 'denied', 'denied >= 0'],
  ['api_key_usage_hours', 'hour', isInstant('hour')],
  ['api_key_usage_days', 'allowed', 'allowed >= 0'],
  ['api_key_usage_days', 'denied', 'denied >= 0'],
  ['api_key_usage_days', 'day', `day >= '0001-01-01' and day < '10000-01-01'`],
  ['api_key_scope_use', 'last_used_at', isInstant('last_used_at')],
];

/**
 * Counts below nothing, and hours and days that no range of usage can name, are refused by the tables.
 *
 * Rows that stand there already keep nobody from migrating: each check is added for new rows, and then holds for the old
 * ones too, unless one of them breaks it, which the server's log says. Locks each table for as long as it takes to read.
 */
export class Migration20261128100300_usage_bounds extends Migration {
  override up(): void {
    for (const [table, column, condition] of BOUNDS) {
      const name = `${table}_${column}_bounds_check`;
      this.addSql(`alter table "${table}" add constraint "${name}" check (${condition}) not valid`);
      this.addSql(`
        do $$ begin
          alter table "${table}" validate constraint "${name}";
        exception when check_violation then
          raise warning 'Rows of ${table} break ${name}; it holds for new rows.';
        end $$`);
    }
  }

  override down(): void {
    for (const [table, column] of BOUNDS)
      this.addSql(`alter table "${table}" drop constraint "${table}_${column}_bounds_check"`);
  }
}
