import { type RawBuilder, sql } from 'kysely';
import { holdsText, type KeysetOrder } from '#database';
import { type Input, LIMITS } from '#kernel';
import { type ApiKeyOrder, DEFAULT_ORDER, NULLS_LAST } from './api-key.order.rules.js';
import { STATUS_SQL } from './api-key-status.sql.js';
import type { ApiKeyStatus } from '../words.js';

/** A key must match all given members. */
export interface ApiKeyFilter {
  /** Left out: the states that a person still has to look after. */
  status?: readonly ApiKeyStatus[] | null;
  ownerId?: string | null;
  scope?: string | null;
  search?: string | null;
  expiresBefore?: Date | null;
  notUsedSince?: Date | null;
}

/** The states that a person still has to look after, used where the filter names none. */
const STATUSES_SHOWN: readonly ApiKeyStatus[] = [
  'SUSPENDED',
  'TENANT_SUSPENDED',
  'OWNER_INACTIVE',
  'POLICY_BLOCKED',
  'ACTIVE',
];

/** The filter in the form that the database needs. */
export function readKeyFilter(filter: Input<ApiKeyFilter>): ApiKeyFilter {
  const text = { max: LIMITS.name, min: 0, blank: true };
  return {
    status: filter.value.status,
    ownerId: filter.given('ownerId')?.id(),
    scope: filter.given('scope')?.text(text),
    search: filter.given('search')?.text({ ...text, lines: true }),
    expiresBefore: filter.given('expiresBefore')?.instant(),
    notUsedSince: filter.given('notUsedSince')?.instant(),
  };
}

/**
 * The condition of `filter` on a row of `api_keys` joined with its owner and tenant. `search` is taken literally and reads every
 * key of the tenant.
 */
export function conditionsOf(filter: ApiKeyFilter): RawBuilder<boolean>[] {
  const { status, ownerId, scope, search, expiresBefore, notUsedSince } = filter;
  const statuses = [...(status ?? STATUSES_SHOWN)];
  const conditions = [sql<boolean>`(${sql.raw(STATUS_SQL)}) = any(${statuses}::text[])`];
  if (!status) conditions.push(sql<boolean>`api_keys.revoked_at is null`);
  if (ownerId != null) conditions.push(sql<boolean>`api_keys.user_id = ${ownerId}::uuid`);
  if (scope != null) conditions.push(sql<boolean>`api_keys.scopes @> ${JSON.stringify([scope])}::jsonb`);
  if (search)
    conditions.push(
      sql<boolean>`(${holds('api_keys.name', search)} or ${holds('api_keys.description', search)}
        or ${holds('api_keys.key_prefix', search)})`,
    );
  if (expiresBefore) conditions.push(sql<boolean>`api_keys.expires_at < ${expiresBefore.toISOString()}::timestamptz`);
  if (notUsedSince)
    conditions.push(sql<boolean>`(api_keys.last_used_at is null
      or api_keys.last_used_at < ${notUsedSince.toISOString()}::timestamptz)`);
  return conditions;
}

const holds = (column: string, search: string) => holdsText(sql.ref(column), search);

/** The order and paging of a list of keys; ties are ordered by id. */
export function keysetOrderOf(order: ApiKeyOrder | null | undefined, filter: ApiKeyFilter): KeysetOrder {
  const { field, direction } = order ?? DEFAULT_ORDER;
  const towards = direction === 'ASC' ? 'asc' : 'desc';
  // A search reads every key. Reading in the order of an index would fetch rows one by one from random places, so this order must
  // match no index.
  const [textPlus, instantPlus] = filter.search ? [`|| ''`, `+ interval '0'`] : ['', ''];
  const first = {
    CREATED_AT: { expression: sql.ref('api_keys.created_at'), type: 'timestamptz' },
    NAME: { expression: sql.raw(`(api_keys.name_sort ${textPlus}) collate "C"`), type: 'text' },
    EXPIRES_AT: { expression: sql.raw(`(${NULLS_LAST.expiresAt[towards]} ${instantPlus})`), type: 'timestamptz' },
    LAST_USED_AT: { expression: sql.raw(`(${NULLS_LAST.lastUsedAt[towards]} ${instantPlus})`), type: 'timestamptz' },
  } as const;
  return {
    columns: [first[field], { expression: sql.ref('api_keys.id'), type: 'uuid' }],
    direction: towards,
    list: ['api_keys', field, direction, filter],
  };
}
