import { Command } from 'commander';
import { JSON_OPTION } from './output.js';
import type { ImportOptions } from './import.action.js';

export function importCommand(): Command {
  return new Command('import')
    .description('Bring keys of the replaced system over. Repeatable; reports what it skipped and why.')
    .requiredOption('--from <source>', 'postgresql:// URL of its database, or a file of one JSON row a line')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- import --from postgresql://reader@old-db/portal')
    .action(async (options: ImportOptions) => (await import('./import.action.js')).importKeys(options));
}
