import { sql } from 'kysely';
import { keysetPage, type Session, showable } from '#database';
import { filterPage, type Page, type PageRequest } from '#kernel';
import { type ApiKeyFilter, conditionsOf, keysetOrderOf } from './api-key.filter.js';
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

function filtered<Row>(query: KeyQuery<Row>, filter: ApiKeyFilter): KeyQuery<Row> {
  return conditionsOf(filter).reduce((filtered, condition) => filtered.where(condition), query);
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
