import type { UserRole } from '#access';
import { TenancyAdministration } from '#tenancy';
import { namingOptions } from '#kernel';
import { withService } from './services.js';
import { type Output, printObject, printRows } from './output.js';

export interface AddOptions extends Output {
  tenant?: string;
  email: string;
  name?: string;
  role: UserRole;
  service?: boolean;
}
export interface ListOptions extends Output {
  tenant?: string;
}

type User = Awaited<ReturnType<TenancyAdministration['addUser']>>;

export async function addUser({ tenant, email, name, role, service, json }: AddOptions): Promise<void> {
  const kind = service ? 'SERVICE' : 'HUMAN';
  const user = { tenantId: tenant ?? null, email, name: name ?? email, role, kind } as const;
  const add = () => withService(TenancyAdministration, (administration) => administration.addUser(user));
  printObject(shown(await namingOptions(add)), { json });
}

export async function changeUser(
  email: string,
  changes: { isActive?: boolean; role?: UserRole },
  output: Output,
): Promise<void> {
  const change = (administration: TenancyAdministration) => administration.changeUser(email, changes);
  printObject(shown(await withService(TenancyAdministration, change)), output);
}

export async function listUsers({ tenant, json }: ListOptions): Promise<void> {
  const list = () => withService(TenancyAdministration, (administration) => administration.users(tenant));
  const users = await namingOptions(list);
  printRows(users.map(shown), { json });
}

function shown({ id, tenantId, email, name, kind, role, isActive }: User): Record<string, unknown> {
  return { id, tenantId, email, name, kind, role, isActive };
}
