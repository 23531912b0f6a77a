import { Migration } from '@mikro-orm/migrations';
import { addChecks, boundsOf, dropChecks, instantCheck, lengthCheck } from '#database/schema';

const BOUNDS = {
  firmware_upgrades: {
    target_version: lengthCheck('target_version', 200),
    scheduled_at: instantCheck('scheduled_at'),
    created_at: instantCheck('created_at'),
  },
};

/**
 * What no list of upgrades could show is refused by the table. `addChecks` describes what becomes of
 * rows that stand there already. Locks each table for as long as it takes to read.
 */
export class Migration20261128110400_firmware_bounds extends Migration {
  override up(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of addChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }

  override down(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of dropChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }
}
