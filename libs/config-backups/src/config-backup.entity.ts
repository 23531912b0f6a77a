import { defineEntity, p } from '@mikro-orm/core';
import { boundsOf, instantCheck, lengthCheck, type TableOf, TENANT_ISOLATION } from '#database/schema';
import { Device } from '#devices/schema';
import { Tenant } from '#tenancy/schema';

/** What an answer can show. */
const CONFIG_BACKUP_BOUNDS = boundsOf('config_backups', {
  sha256: lengthCheck('sha256', 64),
  content: `octet_length(content) <= 65536`,
  created_at: instantCheck('created_at'),
});

const ConfigBackupSchema = defineEntity({
  name: 'ConfigBackup',
  tableName: 'config_backups',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION],
  checks: [
    ...CONFIG_BACKUP_BOUNDS,
    { name: 'config_backups_size_bytes_check', expression: 'size_bytes = octet_length(content)' },
  ],
  indexes: [
    { name: 'config_backups_tenant_id_created_at_id_index', properties: ['tenantId', 'createdAt', 'id'] },
    {
      name: 'config_backups_device_id_tenant_id_created_at_id_index',
      properties: ['deviceId', 'tenantId', 'createdAt', 'id'],
    },
  ],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    deviceId: () => p.manyToOne(Device).mapToPk().fieldName('device_id').deleteRule('cascade'),
    trigger: p.enum(['MANUAL', 'SCHEDULED', 'PRE_UPGRADE'] as const),
    /** SHA-256 of `content`, 64 lower-case hex characters. */
    sha256: p.text(),
    /** Bytes of `content` in UTF-8. */
    sizeBytes: p.integer(),
    content: p.text().lazy(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
/** A device's exported configuration. Never changed after it is stored. */
export class ConfigBackup extends ConfigBackupSchema.class {}
ConfigBackupSchema.setClass(ConfigBackup);
export type ConfigBackupTable = TableOf<typeof ConfigBackupSchema>;
