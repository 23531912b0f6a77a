import { sql } from 'kysely';
import { keysetPage, type Session, showable } from '#database';
import { filterPage, type Page, type PageRequest } from '#kernel';
import { type WantedFilter, conditionsOf, keysetOrderOf } from './api-key.filter.js';
import type { ApiKeyOrder } from './api-key.order.rules.js';
import { type ApiKeyRow, type ApiKeyTables, joinedKeys, type KeyQuery, selectKeys } from './api-key.sql.js';

export type { ApiKeyRow, ApiKeyTables };

export async function keyById(session: Session, id: string): Promise<ApiKeyRow | null> {
  return (await selectKeys(session).where('api_keys.id', '=', id).executeTakeFirst()) ?? null;
}

const isShown = showable<ApiKeyRow>('api_keys', 'createdAt');

/** The keys found, in the order of `ids`. */
export async function keysByIds(session: Session, ids: readonly string[]): Promise<ApiKeyRow[]> {
  if (ids.length === 0) return [];
  const rows = await selectKeys(session)
    .where(sql<boolean>`api_keys.id = any(${[...ids]}::uuid[])`)
    .execute();
  const byId = new Map(rows.filter(isShown).map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function filtered<Row>(query: KeyQuery<Row>, filter: WantedFilter): KeyQuery<Row> {
  return conditionsOf(filter).reduce((filtered, condition) => filtered.where(condition), query);
}

/** @throws {InvalidInput} INVALID_CURSOR */
export async function pageOfKeys(
  session: Session,
  filter: WantedFilter,
  order: ApiKeyOrder | null | undefined,
  request: PageRequest,
): Promise<Page<ApiKeyRow>> {
  const page = await keysetPage(filtered(selectKeys(session), filter), keysetOrderOf(order, filter), request);
  return filterPage(page, isShown);
}

export async function countKeys(session: Session, filter: WantedFilter): Promise<number> {
  const query = joinedKeys(session).select(sql<string>`count(*)`.as('count')) as unknown as KeyQuery<{ count: string }>;
  return Number((await filtered(query, filter).executeTakeFirst())?.count ?? 0);
}

/** The keys that `filter` admits and that are not revoked yet, in the order of their ids; `locked` against changes on request. */
export async function idsToEnd(session: Session, filter: WantedFilter, isLocked?: 'locked'): Promise<string[]> {
  const query = joinedKeys(session)
    .select('api_keys.id')
    .where(sql<boolean>`api_keys.revoked_at is null`)
    .orderBy('api_keys.id') as unknown as KeyQuery<{ id: string }>;
  const wanted = filtered(query, filter);
  return (await (isLocked ? wanted.forUpdate('api_keys') : wanted).execute()).map(({ id }) => id);
}
