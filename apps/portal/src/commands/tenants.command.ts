import { Command } from 'commander';
import { TenancyAdministration } from '#tenancy';
import { withServices } from './database.js';
import { JSON_OPTION, printObject, printRows } from './output.js';

interface Output {
  json?: boolean;
}
type Tenant = Awaited<ReturnType<TenancyAdministration['addTenant']>>;

export function tenantsCommand(): Command {
  const tenants = new Command('tenants').description('Tenants: add, suspend, resume, list.');
  tenants
    .command('add <name>')
    .description('Add a tenant.')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- tenants add Acme')
    .action(async (name: string, output: Output) =>
      printObject(shown(await administer((administration) => administration.addTenant(name))), output),
    );
  tenants
    .command('suspend <id>')
    .description('Stop every session and key of a tenant, at once.')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- tenants suspend 0197…')
    .action(async (id: string, output: Output) =>
      printObject(shown(await administer((administration) => administration.setSuspended(id, true))), output),
    );
  tenants
    .command('resume <id>')
    .description('Let a suspended tenant work again.')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- tenants resume 0197…')
    .action(async (id: string, output: Output) =>
      printObject(shown(await administer((administration) => administration.setSuspended(id, false))), output),
    );
  tenants
    .command('list')
    .description('List tenants.')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- tenants list --json')
    .action(async (output: Output) =>
      printRows((await administer((administration) => administration.tenants())).map(shown), output),
    );
  return tenants;
}

function administer<Result>(work: (administration: TenancyAdministration) => Promise<Result>): Promise<Result> {
  return withServices((app) => work(app.get(TenancyAdministration, { strict: false })));
}

function shown({ id, name, createdAt, suspendedAt }: Tenant): Record<string, unknown> {
  return { id, name, createdAt, suspendedAt };
}
