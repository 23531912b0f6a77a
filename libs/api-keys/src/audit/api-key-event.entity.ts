import { defineEntity, p } from '@mikro-orm/core';
import { instantCheck, JOBS_WORK, memberIsolationBy, TENANT_ISOLATION, type TableOf } from '#database/schema';
import { API_KEY_EVENT_KINDS } from '../words.js';

const ApiKeyEventSchema = defineEntity({
  name: 'ApiKeyEvent',
  tableName: 'api_key_events',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, memberIsolationBy('api_key_id', 'api_keys', 'user_id'), JOBS_WORK],
  checks: [
    { name: 'api_key_events_at_check', expression: instantCheck('at') },
    { name: 'api_key_events_changes_check', expression: `jsonb_typeof(changes) = 'object'` },
    { name: 'api_key_events_found_at_check', expression: 'char_length(found_at) <= 1000' },
  ],
  indexes: [
    { name: 'api_key_events_tenant_id_at_id_index', properties: ['tenantId', 'at', 'id'] },
    { name: 'api_key_events_tenant_id_api_key_id_at_id_index', properties: ['tenantId', 'apiKeyId', 'at', 'id'] },
    { name: 'api_key_events_tenant_id_actor_id_at_id_index', properties: ['tenantId', 'actorId', 'at', 'id'] },
    { name: 'api_key_events_tenant_id_xact_index', properties: ['tenantId', 'xact'] },
  ],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    /** No foreign keys here: an event outlives the key and the people it names. */
    tenantId: p.uuid(),
    /** When the event was written, not when its transaction began: events of one key are in the order of its changes. */
    at: p.datetime().defaultRaw('clock_timestamp()'),
    kind: p.enum(API_KEY_EVENT_KINDS),
    /** Null where the event is not about one key. */
    apiKeyId: p.uuid().nullable(),
    apiKeyName: p.text().nullable(),
    /** The portal user who made the change; null where a key or the system made it. */
    actorId: p.uuid().nullable(),
    /** Name of the acting user or key at that time; null: the system. */
    actorName: p.text().nullable(),
    actorKeyId: p.uuid().nullable(),
    ip: p.text().nullable(),
    /** Of a leak: where the key was found, as its finder wrote it, cleaned and cut. */
    foundAt: p.text().nullable(),
    /** Changed members, each `{ old, new }`. */
    changes: p.json<Record<string, { old: unknown; new: unknown }>>().defaultRaw(`'{}'`),
    /** The transaction that wrote the event; see `trail-place.rules.ts`. */
    xact: p.string().columnType('xid8').defaultRaw('pg_current_xact_id()'),
  },
});
/** One step in the life of a key, as recorded when it happened. */
export class ApiKeyEvent extends ApiKeyEventSchema.class {}
ApiKeyEventSchema.setClass(ApiKeyEvent);
export type ApiKeyEventTable = TableOf<typeof ApiKeyEventSchema>;
