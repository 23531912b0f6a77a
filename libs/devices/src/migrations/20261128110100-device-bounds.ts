import { Migration } from '@mikro-orm/migrations';

/** Instants that RFC 3339 can write. */
const isInstant = (column: string) => `${column} >= '0001-01-01 00:00:00+00' and ${column} < '10000-01-01 00:00:00+00'`;
const isWithin = (column: string, most: number) => `char_length(${column}) <= ${most}`;
const BOUNDS: readonly [table: string, column: string, condition: string][] = [
  ['devices', 'hostname', isWithin('hostname', 253)],
  ['devices', 'ip_address', isWithin('ip_address', 45)],
  ['devices', 'model', isWithin('model', 200)],
  ['devices', 'serial_number', isWithin('serial_number', 200)],
  ['devices', 'firmware_version', isWithin('firmware_version', 200)],
  ['devices', 'last_seen_at', isInstant('last_seen_at')],
  ['devices', 'created_at', isInstant('created_at')],
  ['devices', 'updated_at', isInstant('updated_at')],
];

/**
 * What no list of devices could show is refused by the table.
 *
 * Rows that stand there already keep nobody from migrating: each check is added for new rows, and then holds for the old
 * ones too, unless one of them breaks it, which the server's log says. Locks each table for as long as it takes to read.
 */
export class Migration20261128110100_device_bounds extends Migration {
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
