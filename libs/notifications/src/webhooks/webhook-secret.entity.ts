import { defineEntity, p } from '@mikro-orm/core';
import { boundsOf, instantCheck, JOBS_WORK, TENANT_ISOLATION, type TableOf } from '#database/schema';
import { Tenant } from '#tenancy/schema';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

const WebhookSecretSchema = defineEntity({
  name: 'WebhookSecret',
  tableName: 'webhook_secrets',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, JOBS_WORK],
  checks: boundsOf('webhook_secrets', {
    secret: `secret ~ '^whsec_[A-Za-z0-9+/]{43}=$'`,
    created_at: instantCheck('created_at'),
    expires_at: instantCheck('expires_at'),
  }),
  indexes: [{ name: 'webhook_secrets_endpoint_id_index', properties: ['endpointId'] }],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade').index(),
    endpointId: () => p.manyToOne(WebhookEndpoint).mapToPk().fieldName('endpoint_id').deleteRule('cascade'),
    /** As it was shown. Requests may write the column and not read it; only background work reads it. */
    secret: p.text(),
    /** Null for the secret that signs from now on; an earlier secret signs beside it until this instant. */
    expiresAt: p.datetime().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
  },
});
/** A secret that signs the deliveries of an endpoint. */
export class WebhookSecret extends WebhookSecretSchema.class {}
WebhookSecretSchema.setClass(WebhookSecret);
export type WebhookSecretTable = TableOf<typeof WebhookSecretSchema>;
