import { defineEntity, p } from '@mikro-orm/core';
import { boundsOf, instantCheck, lengthCheck, type TableOf, TENANT_ISOLATION } from '#database/schema';
import { Device } from '#devices/schema';
import { Tenant } from '#tenancy/schema';

/** What an answer can show. */
const ALERT_BOUNDS = boundsOf('alerts', {
  message: lengthCheck('message', 2000),
  fired_at: instantCheck('fired_at'),
  resolved_at: instantCheck('resolved_at'),
});

const AlertSchema = defineEntity({
  name: 'Alert',
  tableName: 'alerts',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION],
  checks: [
    ...ALERT_BOUNDS,
    { name: 'alerts_fired_at_check', expression: 'isfinite(fired_at)' },
    { name: 'alerts_resolved_at_check', expression: 'isfinite(resolved_at) and resolved_at >= fired_at' },
  ],
  indexes: [
    { name: 'alerts_tenant_id_fired_at_id_index', properties: ['tenantId', 'firedAt', 'id'] },
    { name: 'alerts_device_id_tenant_id_fired_at_id_index', properties: ['deviceId', 'tenantId', 'firedAt', 'id'] },
    {
      name: 'alerts_firing_index',
      expression:
        'create index "alerts_firing_index" on "alerts" ("tenant_id", "fired_at", "id") where "resolved_at" is null',
    },
  ],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    deviceId: () => p.manyToOne(Device).mapToPk().fieldName('device_id').deleteRule('cascade'),
    severity: p.enum(['INFO', 'WARNING', 'CRITICAL'] as const),
    message: p.text(),
    firedAt: p.datetime().defaultRaw('now()'),
    /** Null while the alert is firing. No other column holds this state. */
    resolvedAt: p.datetime().nullable(),
  },
});
/** A fault that monitoring saw on a device. */
export class Alert extends AlertSchema.class {}
AlertSchema.setClass(Alert);
export type AlertTable = TableOf<typeof AlertSchema>;
