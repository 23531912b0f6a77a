import { Command } from 'commander';
import { TenancyAdministration } from '#tenancy';
import { withServices } from './database.js';
import { namingOptions } from './option-names.js';
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
      const bootstrap = () =>
        withServices((app) =>
          app.get(TenancyAdministration, { strict: false }).bootstrap(options.tenant, options.adminEmail),
        );
      const { tenant, admin } = await namingOptions(bootstrap, { tenant: '--tenant', email: '--admin-email' });
      printObject({ tenantId: tenant.id, adminId: admin.id }, options);
    });
}
