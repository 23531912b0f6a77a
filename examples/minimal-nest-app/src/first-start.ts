import { AccountDirectory, KeyAdministration, TenancyAdministration } from '@latchkey/nestjs';
import type { INestApplicationContext } from '@nestjs/common';

/** What the identity provider calls the administrator who signs in. */
export const ADMIN = 'admin-of-example';

/**
 * At the first start, makes a tenant with an administrator and a service account, and a key of that account.
 * @returns the key's plaintext, which is kept nowhere; undefined at a later start
 */
export async function firstStart(app: INestApplicationContext): Promise<string | undefined> {
  const tenancy = app.get(TenancyAdministration, { strict: false });
  if ((await tenancy.tenants()).length > 0) return undefined;
  const { tenant, admin } = await tenancy.bootstrap('Example', 'admin@example.test');
  await app.get(AccountDirectory, { strict: false }).bindSubject(ADMIN, admin.email);
  const robot = { email: 'robot@example.test', name: 'Robot', role: 'OPERATOR', kind: 'SERVICE' } as const;
  const { email: owner } = await tenancy.addUser({ ...robot, tenantId: tenant.id });
  const keys = app.get(KeyAdministration, { strict: false });
  const { secret } = await keys.create({ owner, name: 'First key', scopes: ['notes:read', 'notes:write'] });
  return secret;
}
