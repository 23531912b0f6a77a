import { type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { UserRole } from '#access';
import type { Session } from '#database';
import type { UserKind } from '#tenancy';
import type { ApiKeyStatus } from '../words.js';
import { EFFECTIVE_EXPIRES_AT_SQL, STATUS_SQL } from './api-key-status.sql.js';
import type { ApiKeyTable } from './api-key.entity.js';

/** The columns of the owner, the tenant and its policy that a key's status and effective scopes rest on. */
export interface ApiKeyTables {
  api_keys: ApiKeyTable;
  users: { id: string; kind: UserKind; role: UserRole; isActive: boolean };
  tenants: { id: string; suspendedAt: Date | null };
  api_key_policies: { tenantId: string; allowedScopes: string[] | null };
}

/** A key as it goes out: its columns but the hash, its status, and what cuts its scopes down. */
export type ApiKeyRow = Omit<Selectable<ApiKeyTable>, HiddenColumn | 'userId'> & {
  ownerId: string;
  status: ApiKeyStatus;
  /** Milliseconds since 1970; null: never. */
  effectiveExpiresAtMs: number | null;
  ownerRole: UserRole;
  /** What the tenant's policy allows; null: every scope. */
  policyScopes: string[] | null;
  /** Do two secrets open it now? */
  isRotating: boolean;
};
type HiddenColumn = 'keyHash' | 'nameSort' | 'idempotencyKey' | 'idempotencyDigest';

const COLUMNS = [
  'api_keys.id',
  'api_keys.tenantId',
  'api_keys.userId as ownerId',
  'api_keys.name',
  'api_keys.description',
  'api_keys.keyPrefix',
  'api_keys.scopes',
  'api_keys.expiresAt',
  'api_keys.lastUsedAt',
  'api_keys.lastUsedIp',
  'api_keys.createdAt',
  'api_keys.createdById',
  'api_keys.suspendedAt',
  'api_keys.suspendedByOwner',
  'api_keys.pendingUntil',
  'api_keys.requestReason',
  'api_keys.approvedById',
  'api_keys.approvedAt',
  'api_keys.revokedAt',
  'api_keys.revokedById',
  'api_keys.revocationReason',
  'api_keys.revocationNote',
  'api_keys.attemptsAfterRevocation',
  'api_keys.allowedCidrs',
  'api_keys.rateLimit',
  'api_keys.rateLimitWindowSeconds',
  'api_keys.metadata',
  'api_keys.version',
  'api_keys.secretNumber',
  'api_keys.rotationStartedAt',
  'api_keys.previousSecretNumber',
  'api_keys.previousKeyPrefix',
  'api_keys.previousExpiresAt',
  'api_keys.previousLastUsedAt',
  'api_keys.newFirstUsedAt',
] as const;

type KeyTableNames = keyof ApiKeyTables;
export type KeyQuery<Row> = SelectQueryBuilder<ApiKeyTables, KeyTableNames, Row>;

/** Keys beside all that their status rests on. `session` binds the query to a tenant. */
export function joinedKeys(session: Session) {
  return session
    .tables<ApiKeyTables>()
    .selectFrom('api_keys')
    .leftJoin('users', 'users.id', 'api_keys.userId')
    .leftJoin('tenants', 'tenants.id', 'api_keys.tenantId')
    .leftJoin('api_key_policies', 'api_key_policies.tenantId', 'api_keys.tenantId');
}

/** Keys with their status. */
export function selectKeys(session: Session): KeyQuery<ApiKeyRow> {
  return joinedKeys(session)
    .select(COLUMNS)
    .select([
      sql<ApiKeyStatus>`${sql.raw(STATUS_SQL)}`.as('status'),
      sql<
        number | null
      >`(extract(epoch from least(api_keys.revoked_at, ${sql.raw(EFFECTIVE_EXPIRES_AT_SQL)})) * 1000)::float8`.as(
        'effectiveExpiresAtMs',
      ),
      'users.role as ownerRole',
      'api_key_policies.allowedScopes as policyScopes',
      sql<boolean>`coalesce(api_keys.previous_expires_at > now() and api_keys.revoked_at is null, false)`.as(
        'isRotating',
      ),
    ]) as unknown as KeyQuery<ApiKeyRow>;
}
