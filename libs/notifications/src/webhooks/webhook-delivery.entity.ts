import { defineEntity, p } from '@mikro-orm/core';
import { boundsOf, instantCheck, JOBS_WORK, lengthCheck, TENANT_ISOLATION, type TableOf } from '#database/schema';
import type { JsonObject } from '#kernel';
import { Tenant } from '#tenancy/schema';
import { NOTIFICATION_KINDS } from '../words.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

const WebhookDeliverySchema = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, JOBS_WORK],
  checks: [
    ...boundsOf('webhook_deliveries', {
      last_error: lengthCheck('last_error', 200),
      traceparent: lengthCheck('traceparent', 55),
      created_at: instantCheck('created_at'),
      last_attempt_at: instantCheck('last_attempt_at'),
      next_attempt_at: instantCheck('next_attempt_at'),
    }),
    { name: 'webhook_deliveries_payload_check', expression: `jsonb_typeof(payload) = 'object'` },
    { name: 'webhook_deliveries_due_check', expression: `(status = 'PENDING') = (next_attempt_at is not null)` },
  ],
  indexes: [
    {
      name: 'webhook_deliveries_endpoint_id_tenant_id_created_at_id_index',
      properties: ['endpointId', 'tenantId', 'createdAt', 'id'],
    },
    {
      name: 'webhook_deliveries_due_index',
      properties: ['endpointId', 'nextAttemptAt', 'createdAt'],
      where: `status = 'PENDING'`,
    },
    {
      name: 'webhook_deliveries_order_index',
      properties: ['endpointId', 'apiKeyId', 'createdAt', 'id'],
      where: `status = 'PENDING'`,
    },
    { name: 'webhook_deliveries_claimed_index', properties: ['claimedUntil'], where: 'claimed_until is not null' },
  ],
  properties: {
    /** The header `webhook-id`: the same for every attempt. */
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    /** The index is for removing a tenant. */
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade').index(),
    endpointId: () => p.manyToOne(WebhookEndpoint).mapToPk().fieldName('endpoint_id').deleteRule('cascade'),
    kind: p.enum(NOTIFICATION_KINDS),
    /** Null where the event is not about one key. No foreign key: a delivery outlives the key. */
    apiKeyId: p.uuid().nullable(),
    /** The body, as it is sent. */
    payload: p.json<JsonObject>(),
    status: p.enum(['PENDING', 'DELIVERED', 'FAILED'] as const).default('PENDING'),
    attempts: p.integer().default(0),
    lastAttemptAt: p.datetime().nullable(),
    /** Null once the delivery is over. */
    nextAttemptAt: p.datetime().nullable().defaultRaw('now()'),
    /** An attempt is under way until this instant at the latest. Null: none. */
    claimedUntil: p.datetime().nullable(),
    lastStatus: p.integer().nullable(),
    lastError: p.text().nullable(),
    /** The trace of the change. A transaction that is traced names it in the setting. The default is spelled as PostgreSQL shows it. */
    traceparent: p.text().nullable().defaultRaw(`NULLIF(current_setting('app.traceparent'::text, true), ''::text)`),
    /** The instant of the event. It orders the deliveries of one key. */
    createdAt: p.datetime().defaultRaw('clock_timestamp()'),
  },
});
/** One event that is to reach one endpoint. */
export class WebhookDelivery extends WebhookDeliverySchema.class {}
WebhookDeliverySchema.setClass(WebhookDelivery);
export type WebhookDeliveryTable = TableOf<typeof WebhookDeliverySchema>;
