import { Command } from 'commander';
import { migrate } from '#database';
import { ENTITIES } from '../../../../mikro-orm.config.js';
import { readConfig } from '../portal.config.js';
import { useDatabase } from './database.js';
import { JSON_OPTION } from './output.js';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Make the database roles and apply pending migrations.')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: DATABASE_URL=postgresql://portal@db/portal npm run portal -- migrate')
    .action(async ({ json }: { json?: boolean }) => {
      const database = await useDatabase(readConfig(process.env));
      try {
        const applied = await migrate({ url: database.directUrl, entities: ENTITIES });
        if (json) console.log(JSON.stringify({ applied }));
        else console.log(applied.length === 0 ? 'Nothing to apply.' : `Applied:\n  ${applied.join('\n  ')}`);
      } finally {
        await database.release();
      }
    });
}
