import { type RawBuilder, sql } from 'kysely';
import { holdsText, type KeysetOrder } from '#database';
import { type Input, LIMITS } from '#kernel';
import { type ApiKeyOrder, DEFAULT_ORDER, NULLS_LAST } from './api-key.order.rules.js';
import { OWNER_KIND_SQL, STATUS_SQL } from './api-key-status.sql.js';
import { readIds } from './key-choice.rules.js';
import type { UserKind } from '#tenancy';
import { API_KEY_STATUSES, type ApiKeyStatus } from '../words.js';

/** A key must match all given members. */
export interface ApiKeyFilter {
  /** Left out: the states that a person still has to look after. */
  status?: readonly ApiKeyStatus[] | null;
  ids?: readonly string[] | null;
  ownerId?: string | null;
  ownerKind?: UserKind | null;
  scope?: string | null;
  search?: string | null;
  createdAfter?: Date | null;
  createdBefore?: Date | null;
  expiresAfter?: Date | null;
  expiresBefore?: Date | null;
  usedSince?: Date | null;
  notUsedSince?: Date | null;
  neverUsed?: boolean | null;
}

/** A filter in the form that the database needs. */
export interface WantedFilter extends ApiKeyFilter {
  /** Keys of this user only. Row security admits no others to a member; this condition finds them by an index. */
  memberId?: string | null;
}

/** The states that a person still has to look after, used where the filter names none. */
const STATUSES_SHOWN = API_KEY_STATUSES.filter((status) => status !== 'REVOKED' && status !== 'EXPIRED');

/** The filter with each member checked on its own. */
export function readKeyFilter(filter: Input<ApiKeyFilter>): ApiKeyFilter {
  const text = { max: LIMITS.name, min: 0, blank: true };
  const { status, ownerKind, neverUsed } = filter.value;
  const ids = filter.given('ids');
  return {
    status,
    ids: ids && readIds(ids),
    ownerId: filter.given('ownerId')?.id(),
    ownerKind,
    scope: filter.given('scope')?.text(text),
    search: filter.given('search')?.text({ ...text, lines: true }),
    createdAfter: filter.given('createdAfter')?.instant(),
    createdBefore: filter.given('createdBefore')?.instant(),
    expiresAfter: filter.given('expiresAfter')?.instant(),
    expiresBefore: filter.given('expiresBefore')?.instant(),
    usedSince: filter.given('usedSince')?.instant(),
    notUsedSince: filter.given('notUsedSince')?.instant(),
    neverUsed,
  };
}

/**
 * The condition of `filter` on a row of `api_keys` joined with its owner and tenant. `search` is taken literally and reads every
 * key of the tenant.
 */
export function conditionsOf(filter: WantedFilter): RawBuilder<boolean>[] {
  const { status, ids, ownerId, ownerKind, memberId, scope, search, neverUsed } = filter;
  const statuses = [...(status ?? STATUSES_SHOWN)];
  const conditions = [sql<boolean>`(${sql.raw(STATUS_SQL)}) = any(${statuses}::text[])`];
  if (!status) conditions.push(sql<boolean>`api_keys.revoked_at is null`);
  if (ids) conditions.push(sql<boolean>`api_keys.id = any(${[...ids]}::uuid[])`);
  if (memberId != null) conditions.push(sql<boolean>`api_keys.user_id = ${memberId}::uuid`);
  if (ownerId != null) conditions.push(sql<boolean>`api_keys.user_id = ${ownerId}::uuid`);
  if (ownerKind != null) conditions.push(sql<boolean>`${sql.ref(OWNER_KIND_SQL)} = ${ownerKind}`);
  if (scope != null) conditions.push(sql<boolean>`api_keys.scopes @> ${JSON.stringify([scope])}::jsonb`);
  if (search)
    conditions.push(
      sql<boolean>`(${holds('api_keys.name', search)} or ${holds('api_keys.description', search)}
        or ${holds('api_keys.key_prefix', search)})`,
    );
  if (neverUsed != null) conditions.push(sql<boolean>`(api_keys.last_used_at is null) = ${neverUsed}`);
  return [...conditions, ...timesOf(filter)];
}

/**
 * Instants are printed to the millisecond but stored to the microsecond. So an instant counts as later only if it is printed as
 * later.
 */
function timesOf(filter: ApiKeyFilter): RawBuilder<boolean>[] {
  const { createdAfter, createdBefore, expiresAfter, expiresBefore, usedSince, notUsedSince } = filter;
  const conditions: RawBuilder<boolean>[] = [];
  if (createdAfter) conditions.push(sql`api_keys.created_at >= ${at(createdAfter)} + interval '1 millisecond'`);
  if (createdBefore) conditions.push(sql`api_keys.created_at < ${at(createdBefore)}`);
  if (expiresAfter) conditions.push(sql`api_keys.expires_at >= ${at(expiresAfter)} + interval '1 millisecond'`);
  if (expiresBefore) conditions.push(sql`api_keys.expires_at < ${at(expiresBefore)}`);
  if (usedSince) conditions.push(sql`api_keys.last_used_at >= ${at(usedSince)}`);
  if (notUsedSince)
    conditions.push(sql`(api_keys.last_used_at is null or api_keys.last_used_at < ${at(notUsedSince)})`);
  return conditions;
}

const holds = (column: string, search: string) => holdsText(sql.ref(column), search);

/** The order and paging of a list of keys; ties are ordered by id. */
export function keysetOrderOf(order: ApiKeyOrder | null | undefined, filter: WantedFilter): KeysetOrder {
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

const at = (instant: Date) => sql`${instant.toISOString()}::timestamptz`;
