import { isShowable } from './stored-values.rules.js';
import { type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { UserRole } from '#access';
import { keysetPage, type Session } from '#database';
import { filterPage, type Page, type PageRequest } from '#kernel';
import type { ApiKeyTable } from './api-key.entity.js';
import { type ApiKeyFilter, conditionsOf, keysetOrderOf } from './api-key.filter.js';
import type { ApiKeyOrder } from './api-key.order.rules.js';
import { EFFECTIVE_EXPIRES_AT_SQL, STATUS_SQL } from './api-key.status.js';
import type { ApiKeyStatus } from '../words.js';

/** The columns of the owner, the tenant and its policy that a key's status and effective scopes rest on. */
export interface ApiKeyTables {
  api_keys: ApiKeyTable;
  users: { id: string; role: UserRole; isActive: boolean };
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
type KeyQuery<Row> = SelectQueryBuilder<ApiKeyTables, KeyTableNames, Row>;

/** Keys beside all that their status rests on. Bound to a tenant by the session that `db` belongs to. */
function joinedKeys(session: Session) {
  return session
    .tables<ApiKeyTables>()
    .selectFrom('api_keys')
    .leftJoin('users', 'users.id', 'api_keys.userId')
    .leftJoin('tenants', 'tenants.id', 'api_keys.tenantId')
    .leftJoin('api_key_policies', 'api_key_policies.tenantId', 'api_keys.tenantId');
}

/** Keys with their status. */
function selectKeys(session: Session): KeyQuery<ApiKeyRow> {
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

export async function keyById(session: Session, id: string): Promise<ApiKeyRow | null> {
  return (await selectKeys(session).where('api_keys.id', '=', id).executeTakeFirst()) ?? null;
}

/** A key whose row no answer can show harms no other: lists go on without it. */
const isShown = ({ createdAt }: ApiKeyRow): boolean => isShowable(createdAt);

/** The keys found, in the order of `ids`. */
export async function keysByIds(session: Session, ids: readonly string[]): Promise<ApiKeyRow[]> {
  if (ids.length === 0) return [];
  const rows = await selectKeys(session)
    .where(sql<boolean>`api_keys.id = any(${[...ids]}::uuid[])`)
    .execute();
  const byId = new Map(rows.filter(isShown).map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function filtered<Row>(query: KeyQuery<Row>, filter: ApiKeyFilter): KeyQuery<Row> {
  return conditionsOf(filter).reduce((admitted, condition) => admitted.where(condition), query);
}

/** @throws {InvalidInput} INVALID_CURSOR */
export async function pageOfKeys(
  session: Session,
  filter: ApiKeyFilter,
  order: ApiKeyOrder | null | undefined,
  request: PageRequest,
): Promise<Page<ApiKeyRow>> {
  const page = await keysetPage(filtered(selectKeys(session), filter), keysetOrderOf(order, filter), request);
  return filterPage(page, isShown);
}

export async function countKeys(session: Session, filter: ApiKeyFilter): Promise<number> {
  const query = joinedKeys(session).select(sql<string>`count(*)`.as('count')) as unknown as KeyQuery<{ count: string }>;
  return Number((await filtered(query, filter).executeTakeFirst())?.count ?? 0);
}
