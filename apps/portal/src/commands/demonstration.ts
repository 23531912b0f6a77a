import type { INestApplicationContext } from '@nestjs/common';
import { AlertIntake } from '#alerts';
import { ScopeSet, type TenantPrincipal } from '#access';
import { API_KEY_STATUSES, ApiKeyPolicyService, ApiKeyService, KeyCreationService } from '#api-keys';
import { ConfigBackupService } from '#config-backups';
import { DeviceService } from '#devices';
import { FirmwareUpgradeService } from '#firmware';
import { Input } from '#kernel';
import { TenancyAdministration } from '#tenancy';
import {
  COLLEAGUES,
  DEMONSTRATION_ADMIN,
  DEMONSTRATION_DEVICES,
  type DemonstrationDevice,
  PLATFORM_ADMIN,
} from './demonstration-data.js';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Creates demonstration data in a database without a tenant: people, who may ask for keys of their own, a service account, two
 * devices with their rows, and last of all a key. If an earlier start was interrupted, this completes its data.
 * @returns the key; null when an earlier start has shown the key; undefined where the database has other tenants
 */
export async function makeDemonstration(app: INestApplicationContext): Promise<string | null | undefined> {
  const administration = app.get(TenancyAdministration, { strict: false });
  const admin = await adminOf(administration);
  if (!admin) return undefined;
  const { id: userId, tenantId } = admin;
  const by: TenantPrincipal = { kind: 'USER', userId, tenantId, role: 'TENANT_ADMIN', scopes: new ScopeSet() };
  const keys = app.get(ApiKeyService, { strict: false });
  // The holder of a key may have changed all other data: nothing is left to complete.
  if ((await keys.count(by, { status: API_KEY_STATUSES })) > 0) return null;

  const known = new Set((await administration.users(undefined)).map(({ email }) => email));
  for (const person of [...COLLEAGUES.map((colleague) => ({ tenantId, ...colleague })), PLATFORM_ADMIN])
    if (!known.has(person.email)) await administration.addUser(person);
  for (const described of DEMONSTRATION_DEVICES) await makeDevice(app, by, described);
  await app.get(ApiKeyPolicyService, { strict: false }).set(by, new Input({ memberKeys: 'APPROVAL' }));
  const scopes = ['devices:read', 'config:read', 'alerts:read'];
  const creations = app.get(KeyCreationService, { strict: false });
  const { secret } = await creations.create(
    by,
    new Input({ name: 'Demonstration key', description: 'Reads everything.', scopes }),
  );
  return secret;
}

/**
 * The admin of the demonstration, created with its tenant where there is none; undefined where the database has other tenants.
 */
async function adminOf(administration: TenancyAdministration): Promise<{ id: string; tenantId: string } | undefined> {
  const known = (await administration.users(undefined)).find(({ email }) => email === DEMONSTRATION_ADMIN);
  if (known?.tenantId) return { id: known.id, tenantId: known.tenantId };
  if ((await administration.tenants()).length > 0) return undefined;
  const { tenant, admin } = await administration.bootstrap('Demonstration', DEMONSTRATION_ADMIN);
  return { id: admin.id, tenantId: tenant.id };
}

async function makeDevice(
  app: INestApplicationContext,
  by: TenantPrincipal,
  { device, alerts, backups, upgrades }: DemonstrationDevice,
): Promise<void> {
  const now = Date.now();
  const devices = app.get(DeviceService, { strict: false });
  // An interrupted start may have left part of the data, and we cannot know which part.
  const { edges } = await devices.page(by, { search: device.hostname }, {});
  const half = edges.find(({ node }) => node.hostname === device.hostname);
  if (half) await devices.delete(by, half.node.id);
  const { id: deviceId } = await devices.create(by, new Input(device));
  await devices.update(by, new Input({ id: deviceId, status: 'ONLINE' }));

  const intake = app.get(AlertIntake, { strict: false });
  for (const { severity, message, hoursAgo, lastedHours } of alerts) {
    const firedAt = new Date(now - hoursAgo * HOUR_MS);
    const { id } = await intake.raise(by, { deviceId, severity, message, firedAt });
    if (lastedHours !== undefined) await intake.resolve(by, id, new Date(firedAt.getTime() + lastedHours * HOUR_MS));
  }
  const configBackups = app.get(ConfigBackupService, { strict: false });
  for (const backup of backups) await configBackups.store(by, new Input({ deviceId, ...backup }));

  const firmware = app.get(FirmwareUpgradeService, { strict: false });
  for (const { targetVersion, inDays, isCancelled } of upgrades) {
    // At three in the morning: nobody upgrades a core switch at noon.
    const scheduledAt = new Date(now + inDays * DAY_MS);
    scheduledAt.setUTCHours(3, 0, 0, 0);
    const { id } = await firmware.schedule(by, new Input({ deviceId, targetVersion, scheduledAt }));
    if (isCancelled) await firmware.cancel(by, id);
  }
}
