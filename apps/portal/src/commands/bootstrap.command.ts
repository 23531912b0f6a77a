import { Command } from 'commander';
import { JSON_OPTION } from './output.js';
import type { BootstrapOptions } from './bootstrap.action.js';

export function bootstrapCommand(): Command {
  return new Command('bootstrap')
    .description('Make the first tenant and its admin.')
    .requiredOption('--tenant <name>', 'name of the tenant')
    .requiredOption('--admin-email <address>', 'e-mail of its first TENANT_ADMIN')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- bootstrap --tenant Acme --admin-email ada@acme.example')
    .action(async (options: BootstrapOptions) => (await import('./bootstrap.action.js')).bootstrap(options));
}
