import type { INestApplicationContext } from '@nestjs/common';
import { KeyAdministration } from 'latchkey/api-keys';
import { TenancyAdministration } from 'latchkey/tenancy';

/**
 * At the first start, makes a tenant, a service account in it and a key of that account.
 * @returns the key's plaintext, which is kept nowhere; undefined at a later start
 */
export async function firstKey(app: INestApplicationContext): Promise<string | undefined> {
  const tenancy = app.get(TenancyAdministration, { strict: false });
  if ((await tenancy.tenants()).length > 0) return undefined;
  const { id: tenantId } = await tenancy.addTenant('Example');
  const robot = { email: 'robot@example.test', name: 'Robot', role: 'OPERATOR', kind: 'SERVICE' } as const;
  const { email: owner } = await tenancy.addUser({ ...robot, tenantId });
  const keys = app.get(KeyAdministration, { strict: false });
  const { secret } = await keys.create({ owner, name: 'First key', scopes: ['notes:read', 'notes:write'] });
  return secret;
}
