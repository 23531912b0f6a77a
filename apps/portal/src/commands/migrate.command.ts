import { Command } from 'commander';
import { JSON_OPTION, type Output } from './output.js';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Make the database roles and apply pending migrations.')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: DATABASE_URL=postgresql://portal@db/portal npm run portal -- migrate')
    .action(async (output: Output) => (await import('./migrate.action.js')).migrateDatabase(output));
}
