import { defineEntity, p } from '@mikro-orm/core';
import { JOBS_WORK, TENANT_ISOLATION, VERIFIER_READS, type TableOf } from '#database/schema';
import { LIMITS } from '#kernel';
import { Tenant } from '#tenancy/schema';
import { MEMBER_KEYS } from '../words.js';

const MOST_DAYS = LIMITS.policy.days.max;

const ApiKeyPolicySchema = defineEntity({
  name: 'ApiKeyPolicy',
  tableName: 'api_key_policies',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, VERIFIER_READS, JOBS_WORK],
  checks: [
    { name: 'api_key_policies_days_check', expression: 'max_lifetime_days > 0 and max_inactive_days > 0' },
    {
      name: 'api_key_policies_most_days_check',
      expression: `max_lifetime_days <= ${MOST_DAYS} and max_inactive_days <= ${MOST_DAYS}`,
    },
    { name: 'api_key_policies_allowed_scopes_check', expression: `jsonb_typeof(allowed_scopes) = 'array'` },
    { name: 'api_key_policies_allowed_cidrs_check', expression: `jsonb_typeof(allowed_cidrs) = 'array'` },
  ],
  properties: {
    tenantId: () =>
      p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').primary().deleteRule('cascade').updateRule('no action'),
    maxLifetimeDays: p.integer().nullable(),
    maxInactiveDays: p.integer().nullable(),
    requireExpiry: p.boolean().default(false),
    /** Null: every scope. */
    allowedScopes: p.json<string[]>().nullable(),
    /** IPv4 or IPv6 networks in CIDR form; empty: any network. */
    allowedCidrs: p.json<string[]>().defaultRaw(`'[]'`),
    maxKeysPerOwner: p.integer().nullable(),
    memberKeys: p.enum(MEMBER_KEYS).default('NONE'),
    maxRotationOverlapSeconds: p.integer().default(LIMITS.policy.rotationOverlapSeconds.default),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
});
/** A tenant's own rules for its keys. Without a row the defaults apply. */
export class ApiKeyPolicy extends ApiKeyPolicySchema.class {}
ApiKeyPolicySchema.setClass(ApiKeyPolicy);
export type ApiKeyPolicyTable = TableOf<typeof ApiKeyPolicySchema>;
