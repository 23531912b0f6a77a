import { Migration } from '@mikro-orm/migrations';

/** Instants that RFC 3339 can write. */
const isInstant = (column: string) => `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;
const isWithin = (column: string, most: number) => `char_length(${column}) <= ${most}`;
const BOUNDS: readonly [table: string, column: string, condition: string][] = [
  ['firmware_upgrades', 'target_version', isWithin('target_version', 200)],
  ['firmware_upgrades', 'scheduled_at', isInstant('scheduled_at')],
  ['firmware_upgrades', 'created_at', isInstant('created_at')],
];

/**
 * What no list of upgrades could show is refused by the table.
 *
 * Rows that stand there already keep nobody from migrating: each check is added for new rows, and then holds for the old
 * ones too, unless one of them breaks it, which the server's log says. Locks each table for as long as it takes to read.
 */
export class Migration20261128110400_firmware_bounds extends Migration {
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
