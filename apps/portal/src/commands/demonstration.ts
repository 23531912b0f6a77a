import type { INestApplicationContext } from '@nestjs/common';
import type { UserPrincipal } from '#access';
import { ApiKeyService } from '#api-keys';
import { DeviceService } from '#devices';
import { TenancyAdministration } from '#tenancy';

export const DEMONSTRATION_ADMIN = 'admin@demo.example';
const DEVICES = [
  {
    hostname: 'core-sw-01',
    ipAddress: '10.20.0.1',
    model: 'CX 6300',
    serialNumber: 'SG12K0A1',
    firmwareVersion: '10.13.1',
  },
  {
    hostname: 'edge-rt-01',
    ipAddress: '10.20.0.254',
    model: 'MX 204',
    serialNumber: 'JN98B231',
    firmwareVersion: '23.4R2',
  },
];

/**
 * On a database without a tenant, makes one to play with: an admin, two devices, one key.
 * @returns the key; undefined when there was a tenant already
 */
export async function makeDemonstration(app: INestApplicationContext): Promise<string | undefined> {
  const administration = app.get(TenancyAdministration, { strict: false });
  if ((await administration.tenants()).length > 0) return undefined;
  const tenant = await administration.addTenant('Demonstration');
  const admin = await administration.addUser({
    tenantId: tenant.id,
    email: DEMONSTRATION_ADMIN,
    name: 'Demo Admin',
    role: 'TENANT_ADMIN',
    kind: 'HUMAN',
  });
  const by: UserPrincipal & { tenantId: string } = {
    kind: 'USER',
    userId: admin.id,
    tenantId: tenant.id,
    role: 'TENANT_ADMIN',
    scopes: new Set(),
  };
  const devices = app.get(DeviceService, { strict: false });
  for (const device of DEVICES) await devices.create(by, device);
  const keys = app.get(ApiKeyService, { strict: false });
  const scopes = ['devices:read', 'config:read', 'alerts:read'];
  const { secret } = await keys.create(by, { name: 'Demonstration key', description: 'Reads everything.', scopes });
  return secret ?? undefined;
}
