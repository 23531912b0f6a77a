import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { Page, PageRequest } from '#kernel';
import type { Session } from '../transactions/session.js';
import { directionOf, keysetRows, type KeysetOrder, pageOf, type Placed } from './keyset.js';

/**
 * The same page of many lists, one list for each owner, in one statement. Each owner costs one walk along the index, however long
 * the list is.
 * @param owners ids, without duplicates
 * @param rowsOf the list of one owner, without order and limit. `owner` stands for the owner's id.
 * @param order its `list` is the same for all owners: a cursor of one owner's list also works in any other owner's list
 * @returns a page for each owner, an empty page where the owner has no rows
 * @throws {InvalidInput} INVALID_CURSOR
 */
export async function keysetPagesByOwner<Tables, Names extends keyof Tables, Row>(
  session: Session,
  owners: readonly string[],
  rowsOf: (owner: RawBuilder<string>) => SelectQueryBuilder<Tables, Names, Row>,
  order: KeysetOrder,
  request: PageRequest,
): Promise<Map<string, Page<Row>>> {
  const direction = sql.raw(directionOf(order, request));
  const terms = order.columns.map(({ expression }) => sql`${expression} ${direction}`);
  // A join keeps no order, so each row carries its place.
  const lists = keysetRows(rowsOf(sql`owners.owner`), order, request).select(
    sql<number>`row_number() over (order by ${sql.join(terms)})`.as('place'),
  );
  const query = session
    .tables<OwnerTables>()
    .selectFrom(sql<Owner>`unnest(${[...owners]}::uuid[])`.as<'owners'>(sql`owners (owner)`))
    .innerJoinLateral(
      (lists as unknown as SelectQueryBuilder<OwnerTables, never, { place: number }>).as('list'),
      (on) => on.onTrue(),
    )
    .select('owners.owner')
    .selectAll('list')
    .orderBy('list.place');
  const rows = (await query.execute()) as unknown as (Placed<Row> & Owner)[];
  const byOwner = new Map<string, Placed<Row>[]>(owners.map((owner) => [owner, []]));
  for (const { owner, ...row } of rows) byOwner.get(owner)?.push(row as unknown as Placed<Row>);
  return new Map([...byOwner].map(([owner, ofOwner]) => [owner, pageOf(ofOwner, order, request)]));
}

interface Owner {
  owner: string;
}
type OwnerTables = Record<never, never>;
