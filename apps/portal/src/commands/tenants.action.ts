import { TenancyAdministration } from '#tenancy';
import { namingOptions } from '#kernel';
import { withService } from './services.js';
import { type Output, printObject, printRows } from './output.js';

type Tenant = Awaited<ReturnType<TenancyAdministration['addTenant']>>;

export async function addTenant(name: string, output: Output): Promise<void> {
  const tenant = await withService(TenancyAdministration, (administration) => administration.addTenant(name));
  printObject(shown(tenant), output);
}

export async function setSuspended(id: string, isSuspended: boolean, output: Output): Promise<void> {
  const change = (administration: TenancyAdministration) => administration.setSuspended(id, isSuspended);
  printObject(shown(await namingOptions(() => withService(TenancyAdministration, change), { tenant: 'id' })), output);
}

export async function listTenants(output: Output): Promise<void> {
  const tenants = await withService(TenancyAdministration, (administration) => administration.tenants());
  printRows(tenants.map(shown), output);
}

function shown({ id, name, createdAt, suspendedAt }: Tenant): Record<string, unknown> {
  return { id, name, createdAt, suspendedAt };
}
