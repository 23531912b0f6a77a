import { defineEntity, p } from '@mikro-orm/core';
import { NULLS_LAST } from './api-key.order.rules.js';
import {
  instantCheck,
  JOBS_WORK,
  memberIsolation,
  TENANT_ISOLATION,
  VERIFIER_READS,
  type TableOf,
} from '#database/schema';
import { Tenant, User } from '#tenancy/schema';
import { REVOCATION_REASONS } from '../words.js';

const INSTANTS = [
  'created_at',
  'last_used_at',
  'suspended_at',
  'revoked_at',
  'rotation_started_at',
  'previous_expires_at',
  'previous_last_used_at',
  'new_first_used_at',
  'pending_until',
  'approved_at',
];

const orderIndex = (name: string, expression: string) => ({
  name: `api_keys_by_${name}`,
  expression: `create index "api_keys_by_${name}" on "api_keys" ("tenant_id", ${expression}, "id")`,
});

const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION, memberIsolation('user_id'), VERIFIER_READS, JOBS_WORK],
  checks: [
    { name: 'api_keys_scopes_check', expression: `jsonb_typeof(scopes) = 'array'` },
    {
      name: 'api_keys_expires_at_check',
      expression: `isfinite(expires_at) and expires_at < '10000-01-01 00:00:00+00'`,
    },
    ...INSTANTS.map((column) => ({ name: `api_keys_${column}_check`, expression: instantCheck(column) })),
    { name: 'api_keys_allowed_cidrs_check', expression: `jsonb_typeof(allowed_cidrs) = 'array'` },
    { name: 'api_keys_metadata_check', expression: `jsonb_typeof(metadata) = 'object'` },
    { name: 'api_keys_rate_limit_check', expression: '(rate_limit is null) = (rate_limit_window_seconds is null)' },
  ],
  indexes: [
    { name: 'api_keys_tenant_id_created_at_id_index', properties: ['tenantId', 'createdAt', 'id'] },
    orderIndex('name', `"name_sort" collate "C"`),
    orderIndex('expires_at_asc', NULLS_LAST.expiresAt.asc),
    orderIndex('expires_at_desc', NULLS_LAST.expiresAt.desc),
    orderIndex('last_used_at_asc', NULLS_LAST.lastUsedAt.asc),
    orderIndex('last_used_at_desc', NULLS_LAST.lastUsedAt.desc),
    {
      name: 'api_keys_idempotency_key_index',
      properties: ['tenantId', 'createdById', 'idempotencyKey'],
      where: 'idempotency_key is not null',
    },
  ],
  uniques: [{ name: 'api_keys_id_tenant_id_unique', properties: ['id', 'tenantId'] }],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    /** The owner. The column has the name that the replaced system used. */
    userId: () => p.manyToOne(User).mapToPk().fieldName('user_id').deleteRule('cascade').index(),
    name: p.text(),
    /** The name by which lists are ordered. A stored column, since no index serves `lower(name)` under row level security. */
    nameSort: p.text().generated('(lower(name)) stored').nullable().hidden().lazy(),
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
    /** True if the owner suspended the key. Otherwise only an administrator may resume it. */
    suspendedByOwner: p.boolean().default(false),
    /** End of the request for approval. Null: approved, or never in need of an approval. */
    pendingUntil: p.datetime().nullable(),
    requestReason: p.text().nullable(),
    approvedById: () => p.manyToOne(User).mapToPk().fieldName('approved_by_id').deleteRule('set null').nullable(),
    approvedAt: p.datetime().nullable(),
    /** Revocation is final. The row stays. */
    revokedAt: p.datetime().nullable(),
    revokedById: () => p.manyToOne(User).mapToPk().fieldName('revoked_by_id').deleteRule('set null').nullable(),
    revocationReason: p.enum(REVOCATION_REASONS).nullable(),
    revocationNote: p.text().nullable(),
    attemptsAfterRevocation: p.integer().default(0),
    /** IPv4 or IPv6 networks in CIDR form; empty: any network. */
    allowedCidrs: p.json<string[]>().defaultRaw(`'[]'`),
    rateLimit: p.integer().nullable(),
    rateLimitWindowSeconds: p.integer().nullable(),
    metadata: p.json<Record<string, unknown>>().defaultRaw(`'{}'`),
    /** Grows by one with every change. */
    version: p.integer().default(1),
    /** The number of the secret whose hash is `keyHash`. Grows by one with every rotation. */
    secretNumber: p.integer().default(1),
    /** Start of the last rotation, which is over from `previousExpiresAt` on. */
    rotationStartedAt: p.datetime().nullable(),
    previousSecretNumber: p.integer().nullable(),
    previousKeyPrefix: p.text().nullable(),
    previousExpiresAt: p.datetime().nullable(),
    previousLastUsedAt: p.datetime().nullable(),
    newFirstUsedAt: p.datetime().nullable(),
    /** Chosen by the caller who created the key. A second creation with the same value within a day finds this key. */
    idempotencyKey: p.text().nullable().hidden().lazy(),
    /** SHA-256 of the input of the creation. */
    idempotencyDigest: p.text().nullable().hidden().lazy(),
  },
});
/** A credential for scripts, integrations and service accounts. */
export class ApiKey extends ApiKeySchema.class {}
ApiKeySchema.setClass(ApiKey);
export type ApiKeyTable = TableOf<typeof ApiKeySchema>;
