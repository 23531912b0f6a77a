import { Command } from 'commander';
import { TenancyAdministration } from '#tenancy';
import { withServices } from './database.js';
import { JSON_OPTION, printObject } from './output.js';

interface BootstrapOptions {
  tenant: string;
  adminEmail: string;
  json?: boolean;
}

export function bootstrapCommand(): Command {
  return new Command('bootstrap')
    .description('Make the first tenant and its admin.')
    .requiredOption('--tenant <name>', 'name of the tenant')
    .requiredOption('--admin-email <address>', 'e-mail of its first TENANT_ADMIN')
    .option(...JSON_OPTION)
    .addHelpText('after', '\nExample: npm run portal -- bootstrap --tenant Acme --admin-email ada@acme.example')
    .action(async (options: BootstrapOptions) => {
      const ids = await withServices(async (app) => {
        const administration = app.get(TenancyAdministration, { strict: false });
        const tenant = await administration.addTenant(options.tenant);
        const admin = await administration.addUser({
          tenantId: tenant.id,
          email: options.adminEmail,
          name: options.adminEmail,
          role: 'TENANT_ADMIN',
          kind: 'HUMAN',
        });
        return { tenantId: tenant.id, adminId: admin.id };
      });
      printObject(ids, options);
    });
}
