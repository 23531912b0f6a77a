import { Migration } from '@mikro-orm/migrations';
import { addChecks, boundsOf, dropChecks, instantCheck, lengthCheck } from '#database/schema';

const BOUNDS = {
  devices: {
    hostname: lengthCheck('hostname', 253),
    ip_address: lengthCheck('ip_address', 45),
    model: lengthCheck('model', 200),
    serial_number: lengthCheck('serial_number', 200),
    firmware_version: lengthCheck('firmware_version', 200),
    last_seen_at: instantCheck('last_seen_at'),
    created_at: instantCheck('created_at'),
    updated_at: instantCheck('updated_at'),
  },
};

/**
 * What no list of devices could show is refused by the table. `addChecks` describes what becomes of
 * rows that stand there already. Locks each table for as long as it takes to read.
 */
export class Migration20261128110100_device_bounds extends Migration {
  override up(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of addChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }

  override down(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of dropChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }
}
