import { Migration } from '@mikro-orm/migrations';
import { addChecks, boundsOf, dropChecks, instantCheck, lengthCheck } from '#database/schema';

const BOUNDS = {
  tenants: {
    name: lengthCheck('name', 200),
    created_at: instantCheck('created_at'),
    suspended_at: instantCheck('suspended_at'),
  },
  users: {
    email: lengthCheck('email', 320),
    name: lengthCheck('name', 200),
    created_at: instantCheck('created_at'),
  },
};

/**
 * What no list of users could show, and no answer about a tenant, is refused by the tables. `addChecks` describes what becomes of
 * rows that stand there already. Locks each table for as long as it takes to read.
 */
export class Migration20261128110000_account_bounds extends Migration {
  override up(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of addChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }

  override down(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of dropChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }
}
