import { Migration } from '@mikro-orm/migrations';
import { addChecks, boundsOf, dropChecks, instantCheck, lengthCheck } from '#database/schema';

const BOUNDS = {
  alerts: {
    message: lengthCheck('message', 2000),
    fired_at: instantCheck('fired_at'),
    resolved_at: instantCheck('resolved_at'),
  },
};

/**
 * What no list of alerts could show is refused by the table. `addChecks` describes what becomes of
 * rows that stand there already. Locks each table for as long as it takes to read.
 */
export class Migration20261128110200_alert_bounds extends Migration {
  override up(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of addChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }

  override down(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of dropChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }
}
