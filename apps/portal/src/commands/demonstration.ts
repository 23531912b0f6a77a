import type { INestApplicationContext } from '@nestjs/common';
import { AlertIntake } from '#alerts';
import type { TenantPrincipal } from '#access';
import { ApiKeyService } from '#api-keys';
import { ConfigBackupService } from '#config-backups';
import { DeviceService } from '#devices';
import { FirmwareUpgradeService } from '#firmware';
import { TenancyAdministration } from '#tenancy';
import { COLLEAGUES, DEMONSTRATION_DEVICES, type DemonstrationDevice } from './demonstration-data.js';

export const DEMONSTRATION_ADMIN = 'admin@demo.example';
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/**
 * On a database without a tenant, makes one to play with: people, a service account, two devices with all that hangs
 * on them, and one key.
 * @returns the key; undefined when there was a tenant already
 */
export async function makeDemonstration(app: INestApplicationContext): Promise<string | undefined> {
  const administration = app.get(TenancyAdministration, { strict: false });
  if ((await administration.tenants()).length > 0) return undefined;
  const { id: tenantId } = await administration.addTenant('Demonstration');
  const admin = await administration.addUser({
    tenantId,
    email: DEMONSTRATION_ADMIN,
    name: 'Demo Admin',
    role: 'TENANT_ADMIN',
    kind: 'HUMAN',
  });
  for (const colleague of COLLEAGUES) await administration.addUser({ tenantId, ...colleague });
  const by: TenantPrincipal = { kind: 'USER', userId: admin.id, tenantId, role: 'TENANT_ADMIN', scopes: new Set() };
  for (const described of DEMONSTRATION_DEVICES) await makeDevice(app, by, described);
  const keys = app.get(ApiKeyService, { strict: false });
  const scopes = ['devices:read', 'config:read', 'alerts:read'];
  const { secret } = await keys.create(by, { name: 'Demonstration key', description: 'Reads everything.', scopes });
  return secret ?? undefined;
}

async function makeDevice(
  app: INestApplicationContext,
  by: TenantPrincipal,
  { device, alerts, backups, upgrades }: DemonstrationDevice,
): Promise<void> {
  const now = Date.now();
  const devices = app.get(DeviceService, { strict: false });
  const { id: deviceId } = await devices.create(by, device);
  await devices.update(by, { id: deviceId, status: 'ONLINE' });

  const intake = app.get(AlertIntake, { strict: false });
  for (const { severity, message, hoursAgo, lastedHours } of alerts) {
    const firedAt = new Date(now - hoursAgo * HOUR_MS);
    const { id } = await intake.raise(by, { deviceId, severity, message, firedAt });
    if (lastedHours !== undefined) await intake.resolve(by, id, new Date(firedAt.getTime() + lastedHours * HOUR_MS));
  }
  const configBackups = app.get(ConfigBackupService, { strict: false });
  for (const backup of backups) await configBackups.store(by, { deviceId, ...backup });

  const firmware = app.get(FirmwareUpgradeService, { strict: false });
  for (const { targetVersion, inDays, isCancelled } of upgrades) {
    // At three in the morning: nobody upgrades a core switch at noon.
    const scheduledAt = new Date(now + inDays * DAY_MS);
    scheduledAt.setUTCHours(3, 0, 0, 0);
    const { id } = await firmware.schedule(by, { deviceId, targetVersion, scheduledAt });
    if (isCancelled) await firmware.cancel(by, id);
  }
}
