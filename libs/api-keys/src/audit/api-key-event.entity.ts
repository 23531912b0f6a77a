import { defineEntity, p } from '@mikro-orm/core';
import { instantCheck, JOBS_WORK, TENANT_ISOLATION, type TableOf } from '#database/schema';

const ApiKeyEventSchema = defineEntity({
  name: 'ApiKeyEvent',
  tableName: 'api_key_events',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, JOBS_WORK],
  checks: [
    { name: 'api_key_events_at_check', expression: instantCheck('at') },
    { name: 'api_key_events_changes_check', expression: `jsonb_typeof(changes) = 'object'` },
  ],
  indexes: [
    { name: 'api_key_events_tenant_id_at_id_index', properties: ['tenantId', 'at', 'id'] },
    { name: 'api_key_events_tenant_id_api_key_id_at_id_index', properties: ['tenantId', 'apiKeyId', 'at', 'id'] },
    { name: 'api_key_events_tenant_id_actor_id_at_id_index', properties: ['tenantId', 'actorId', 'at', 'id'] },
  ],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    /** No foreign keys here: what is told outlives whom it tells of. */
    tenantId: p.uuid(),
    /** When it was written, not when its transaction began: changes of one key stand in the order they were made. */
    at: p.datetime().defaultRaw('clock_timestamp()'),
    kind: p.enum([
      'CREATED',
      'UPDATED',
      'ROTATED',
      'ROTATION_COMPLETED',
      'SUSPENDED',
      'RESUMED',
      'REVOKED',
      'TRANSFERRED',
      'LEAK_REPORTED',
      'POLICY_CHANGED',
      'IMPORTED',
    ] as const),
    /** Null where the event is not about one key. */
    apiKeyId: p.uuid().nullable(),
    apiKeyName: p.text().nullable(),
    /** The portal user who did it; null where a key or the system did. */
    actorId: p.uuid().nullable(),
    /** Name of the user or the key who did it, as it was; null: the system. */
    actorName: p.text().nullable(),
    actorKeyId: p.uuid().nullable(),
    ip: p.text().nullable(),
    /** Changed members, each `{ old, new }`. */
    changes: p.json<Record<string, { old: unknown; new: unknown }>>().defaultRaw(`'{}'`),
  },
});
/** One step in the life of a key, as it was told when it happened. */
export class ApiKeyEvent extends ApiKeyEventSchema.class {}
ApiKeyEventSchema.setClass(ApiKeyEvent);
export type ApiKeyEventTable = TableOf<typeof ApiKeyEventSchema>;
