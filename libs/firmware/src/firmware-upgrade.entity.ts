import { defineEntity, p } from '@mikro-orm/core';
import { boundsOf, instantCheck, lengthCheck, type TableOf, TENANT_ISOLATION } from '#database/schema';
import { Device } from '#devices/schema';
import { Tenant } from '#tenancy/schema';

/** What an answer can show. */
const FIRMWARE_UPGRADE_BOUNDS = boundsOf('firmware_upgrades', {
  target_version: lengthCheck('target_version', 200),
  scheduled_at: instantCheck('scheduled_at'),
  created_at: instantCheck('created_at'),
});

const FirmwareUpgradeSchema = defineEntity({
  name: 'FirmwareUpgrade',
  tableName: 'firmware_upgrades',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION],
  checks: [
    ...FIRMWARE_UPGRADE_BOUNDS,
    { name: 'firmware_upgrades_scheduled_at_check', expression: 'isfinite(scheduled_at)' },
  ],
  indexes: [
    {
      name: 'firmware_upgrades_device_id_tenant_id_created_at_id_index',
      properties: ['deviceId', 'tenantId', 'createdAt', 'id'],
    },
  ],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    /** The index is for removing a tenant: no list covers all devices. */
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade').index(),
    deviceId: () => p.manyToOne(Device).mapToPk().fieldName('device_id').deleteRule('cascade'),
    targetVersion: p.text(),
    scheduledAt: p.datetime(),
    status: p.enum(['SCHEDULED', 'CANCELLED'] as const).default('SCHEDULED'),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
/** A firmware upgrade scheduled for a device. */
export class FirmwareUpgrade extends FirmwareUpgradeSchema.class {}
FirmwareUpgradeSchema.setClass(FirmwareUpgrade);
export type FirmwareUpgradeTable = TableOf<typeof FirmwareUpgradeSchema>;
