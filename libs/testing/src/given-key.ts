import { randomUUID } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import type { UserRole } from '#access';
import { KeyAdministration } from '#api-keys';
import { TenancyAdministration } from '#tenancy';

/** A key for a test. */
export interface KeyToGive {
  scopes: readonly string[];
  /** Default: a new tenant. */
  tenantId?: string;
  /** Role of the service account that owns the key. Default: TENANT_ADMIN. */
  role?: UserRole;
  allowedCidrs?: readonly string[];
  expiresAt?: Date;
  rateLimit?: { limit: number; windowSeconds: number };
}

export interface GivenKey {
  id: string;
  /** The plaintext, to be sent as `Authorization: Bearer …`. */
  secret: string;
  tenantId: string;
  /** The service account, new for each key. */
  owner: { id: string; email: string };
}

/**
 * Makes a real key of a new service account, in a new tenant unless one is named.
 * @example const { secret } = await givenKey(app, { scopes: ['notes:read'] });
 * @throws {InvalidInput} for a scope that is not in the catalogue, or that the role does not open
 */
export async function givenKey(
  app: INestApplicationContext,
  { tenantId: named, role = 'TENANT_ADMIN', scopes, ...limits }: KeyToGive,
): Promise<GivenKey> {
  const tenancy = app.get(TenancyAdministration, { strict: false });
  const keys = app.get(KeyAdministration, { strict: false });
  const mark = randomUUID();
  const tenantId = named ?? (await tenancy.addTenant(`Tenant ${mark}`)).id;
  const account = { tenantId, role, kind: 'SERVICE', name: 'Test account', email: `${mark}@example.test` } as const;
  const { id, email } = await tenancy.addUser(account);
  const { key, secret } = await keys.create({ owner: email, name: 'Test key', scopes: [...scopes], ...limits });
  return { id: key.id, secret, tenantId, owner: { id, email } };
}
