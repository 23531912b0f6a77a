import { defineEntity, p } from '@mikro-orm/core';
import { boundsOf, instantCheck, JOBS_WORK, lengthCheck, type TableOf, TENANT_ISOLATION } from '#database/schema';
import { Tenant } from '#tenancy/schema';

/** What an answer can show. */
const DEVICE_BOUNDS = boundsOf('devices', {
  hostname: lengthCheck('hostname', 253),
  ip_address: lengthCheck('ip_address', 45),
  model: lengthCheck('model', 200),
  serial_number: lengthCheck('serial_number', 200),
  firmware_version: lengthCheck('firmware_version', 200),
  last_seen_at: instantCheck('last_seen_at'),
  created_at: instantCheck('created_at'),
  updated_at: instantCheck('updated_at'),
});

const DeviceSchema = defineEntity({
  name: 'Device',
  tableName: 'devices',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, JOBS_WORK],
  checks: DEVICE_BOUNDS,
  indexes: [
    {
      name: 'devices_tenant_id_hostname_unique',
      expression:
        'create unique index "devices_tenant_id_hostname_unique" on "devices" ("tenant_id", "hostname_sort" collate "C")',
    },
  ],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    /** Unique within its tenant, where upper and lower case are the same. */
    hostname: p.text(),
    /**
     * The hostname by which lists are ordered. A stored column, since no index serves `lower(hostname)` under row level security.
     */
    hostnameSort: p.text().generated('(lower(hostname)) stored').nullable().hidden().lazy(),
    ipAddress: p.text(),
    model: p.text().nullable(),
    serialNumber: p.text().nullable(),
    firmwareVersion: p.text().nullable(),
    status: p.enum(['UNKNOWN', 'ONLINE', 'OFFLINE'] as const).default('UNKNOWN'),
    lastSeenAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
});
/** A router, switch or access point of a tenant. */
export class Device extends DeviceSchema.class {}
DeviceSchema.setClass(Device);
export type DeviceTable = TableOf<typeof DeviceSchema>;
