import { Command } from 'commander';
import { KeyImportService } from '#api-keys';
import { withServices } from './database.js';
import { rowsOf } from './import-source.js';
import { JSON_OPTION, printObject } from './output.js';
import { progressOf } from './progress.js';

export function importCommand(): Command {
  return new Command('import')
    .description('Bring keys of the replaced system over. Repeatable; tells what it skipped and why.')
    .requiredOption('--from <source>', 'postgresql:// URL of its database, or a file of one JSON row a line')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- import --from postgresql://reader@old-db/portal')
    .action(async ({ from, json }: { from: string; json?: boolean }) => {
      const progress = progressOf('rows read', process.stderr);
      const report = await withServices((app) =>
        app.get(KeyImportService, { strict: false }).import(rowsOf(from), progress.tell),
      ).finally(progress.end);
      if (json) return console.log(JSON.stringify(report, null, 2));
      const { skipped, ...counts } = report;
      printObject({ ...counts, skipped: skipped.length }, { json });
      for (const { id, reason } of skipped) console.log(`skipped ${id ?? '(no id)'}: ${reason}`);
    });
}
