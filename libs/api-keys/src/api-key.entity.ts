import { defineEntity, p } from '@mikro-orm/core';
import { announcedChanges, JOBS_WORK, TENANT_ISOLATION, VERIFIER_READS, type TableOf } from '#database/entities';
import { Tenant, User } from '#tenancy/entities';

const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, VERIFIER_READS, JOBS_WORK],
  triggers: announcedChanges('api_keys', {
    kind: 'key',
    names: ['key_hash'],
    watched: ['id', 'tenant_id', 'user_id', 'scopes', 'expires_at', 'suspended_at', 'revoked_at'],
  }),
  checks: [
    { name: 'api_keys_scopes_check', expression: `jsonb_typeof(scopes) = 'array'` },
    {
      name: 'api_keys_expires_at_check',
      expression: `isfinite(expires_at) and expires_at < '10000-01-01 00:00:00+00'`,
    },
    { name: 'api_keys_rate_limit_check', expression: '(rate_limit is null) = (rate_limit_window_seconds is null)' },
  ],
  indexes: [{ name: 'api_keys_tenant_id_created_at_id_index', properties: ['tenantId', 'createdAt', 'id'] }],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    /** The owner. The column's name is the replaced system's. */
    ownerId: () => p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    name: p.text(),
    description: p.text().nullable(),
    /** The first characters of the plaintext, enough to recognise it in a log. */
    keyPrefix: p.text(),
    /** SHA-256 of the plaintext, 64 lower-case hex characters. */
    keyHash: p.text().unique().hidden().lazy(),
    scopes: p.json<string[]>().defaultRaw(`'[]'`),
    expiresAt: p.datetime().nullable(),
    lastUsedAt: p.datetime().nullable(),
    lastUsedIp: p.text().nullable(),
    createdAt: p.datetime().defaultRaw('now()'),
    createdById: () => p.manyToOne(User).mapToPk().fieldName('created_by_id').deleteRule('set null').nullable(),
    suspendedAt: p.datetime().nullable(),
    /** Revocation is final and keeps the row. */
    revokedAt: p.datetime().nullable(),
    revokedById: () => p.manyToOne(User).mapToPk().fieldName('revoked_by_id').deleteRule('set null').nullable(),
    revocationReason: p
      .enum(['COMPROMISED', 'OWNER_LEFT', 'SUPERSEDED', 'UNUSED', 'POLICY', 'OTHER'] as const)
      .nullable(),
    revocationNote: p.text().nullable(),
    attemptsAfterRevocation: p.integer().default(0),
    /** IPv4 or IPv6 networks in CIDR form; empty: from anywhere. */
    allowedCidrs: p.json<string[]>().defaultRaw(`'[]'`),
    rateLimit: p.integer().nullable(),
    rateLimitWindowSeconds: p.integer().nullable(),
    metadata: p.json<Record<string, unknown>>().defaultRaw(`'{}'`),
    /** Grows by one with every change. */
    version: p.integer().default(1),
  },
});
/** A credential for scripts, integrations and service accounts. */
export class ApiKey extends ApiKeySchema.class {}
ApiKeySchema.setClass(ApiKey);
export type ApiKeyTable = TableOf<typeof ApiKeySchema>;
