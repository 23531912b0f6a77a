import { Migration } from '@mikro-orm/migrations';
import { addChecks, boundsOf, dropChecks, instantCheck } from '#database/schema';

const BOUNDS = {
  api_key_usage_hours: {
    allowed: 'allowed >= 0',
    denied: 'denied >= 0',
    hour: instantCheck('hour'),
  },
  api_key_usage_days: {
    allowed: 'allowed >= 0',
    denied: 'denied >= 0',
    day: `day >= '0001-01-01' and day < '10000-01-01'`,
  },
  api_key_scope_use: {
    last_used_at: instantCheck('last_used_at'),
  },
};

/**
 * Counts below nothing, and hours and days that no range of usage can name, are refused by the tables. `addChecks` describes what becomes of
 * rows that stand there already. Locks each table for as long as it takes to read.
 */
export class Migration20261128100300_usage_bounds extends Migration {
  override up(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of addChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }

  override down(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of dropChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }
}
