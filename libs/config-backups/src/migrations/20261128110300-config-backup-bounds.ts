import { Migration } from '@mikro-orm/migrations';
import { addChecks, boundsOf, dropChecks, instantCheck, lengthCheck } from '#database/schema';

const BOUNDS = {
  config_backups: {
    sha256: lengthCheck('sha256', 64),
    content: `octet_length(content) <= 65536`,
    created_at: instantCheck('created_at'),
  },
};

/**
 * What no list of backups could show is refused by the table. `addChecks` describes what becomes of
 * rows that stand there already. Locks each table for as long as it takes to read.
 */
export class Migration20261128110300_config_backup_bounds extends Migration {
  override up(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of addChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }

  override down(): void {
    for (const [table, bounds] of Object.entries(BOUNDS))
      for (const statement of dropChecks(table, boundsOf(table, bounds))) this.addSql(statement);
  }
}
