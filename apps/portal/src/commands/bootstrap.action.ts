import { TenancyAdministration } from '#tenancy';
import { namingOptions } from '#kernel';
import { withService } from './services.js';
import { type Output, printObject } from './output.js';

export interface BootstrapOptions extends Output {
  tenant: string;
  adminEmail: string;
}

export async function bootstrap({ tenant: name, adminEmail, json }: BootstrapOptions): Promise<void> {
  const work = () => withService(TenancyAdministration, (administration) => administration.bootstrap(name, adminEmail));
  const { tenant, admin } = await namingOptions(work, { tenant: '--tenant', email: '--admin-email' });
  printObject({ tenantId: tenant.id, adminId: admin.id }, { json });
}
