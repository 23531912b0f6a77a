import { defineEntity, p } from '@mikro-orm/core';
import { boundsOf, instantCheck, JOBS_WORK, lengthCheck, TENANT_ISOLATION, type TableOf } from '#database/schema';
import { Tenant } from '#tenancy/schema';
import type { NotificationKind } from '../words.js';

const WebhookEndpointSchema = defineEntity({
  name: 'WebhookEndpoint',
  tableName: 'webhook_endpoints',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, JOBS_WORK],
  checks: [
    ...boundsOf('webhook_endpoints', {
      url: lengthCheck('url', 2_000),
      description: lengthCheck('description', 2_000),
      created_at: instantCheck('created_at'),
    }),
    { name: 'webhook_endpoints_kinds_check', expression: `jsonb_typeof(kinds) = 'array'` },
  ],
  indexes: [{ name: 'webhook_endpoints_tenant_id_created_at_id_index', properties: ['tenantId', 'createdAt', 'id'] }],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    url: p.text(),
    description: p.text().nullable(),
    /** Empty: every kind. */
    kinds: p.json<NotificationKind[]>().defaultRaw(`'[]'`),
    isEnabled: p.boolean().default(true),
    /** Null while enabled, and where an administrator disabled the endpoint. */
    disabledReason: p.enum(['GONE', 'FAILING'] as const).nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
/** An address of a tenant that is sent what happens to the tenant's keys. */
export class WebhookEndpoint extends WebhookEndpointSchema.class {}
WebhookEndpointSchema.setClass(WebhookEndpoint);
export type WebhookEndpointTable = TableOf<typeof WebhookEndpointSchema>;
