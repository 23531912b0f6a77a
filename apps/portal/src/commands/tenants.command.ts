import { Command } from 'commander';
import { JSON_OPTION, type Output } from './output.js';

const actions = () => import('./tenants.action.js');

export function tenantsCommand(): Command {
  const tenants = new Command('tenants').description('Tenants: add, suspend, resume, list.');
  tenants
    .command('add <name>')
    .description('Add a tenant.')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- tenants add Acme')
    .action(async (name: string, output: Output) => (await actions()).addTenant(name, output));
  tenants
    .command('suspend <id>')
    .description('Stop every session and key of a tenant, at once.')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- tenants suspend 0197…')
    .action(async (id: string, output: Output) => (await actions()).setSuspended(id, true, output));
  tenants
    .command('resume <id>')
    .description('Let a suspended tenant work again.')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- tenants resume 0197…')
    .action(async (id: string, output: Output) => (await actions()).setSuspended(id, false, output));
  tenants
    .command('list')
    .description('List tenants.')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- tenants list --json')
    .action(async (output: Output) => (await actions()).listTenants(output));
  return tenants;
}
