import { Command, Option } from 'commander';
import { readWorkerCount } from './worker-count.js';
import type { ServeOptions } from './serve.action.js';

export function serveCommand(): Command {
  return new Command('serve')
    .description('Serve the API until stopped.')
    .option('--migrate', 'apply pending migrations first')
    .addOption(
      new Option(
        '--demo',
        'on an empty database outside production, make a demonstration tenant and print its credentials',
      ).conflicts('workers'),
    )
    .option('--workers <count>', 'processes that share the port; "auto": one for each core', readWorkerCount)
    .option('--json', 'print the URL, and the credentials of --demo, as one line of JSON')
    .addHelpText('after', '\nExample: DATABASE_URL=postgresql://portal@db/portal npm run portal -- serve')
    .action(async (options: ServeOptions) => (await import('./serve.action.js')).serve(options));
}
