import {
  cursorBinding,
  type Edge,
  encodeCursor,
  type Input,
  isUuid,
  type Page,
  type PageInfo,
  type PageRequest,
  parseInstant,
  readCursor,
} from '#kernel';
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { types } from 'pg';

/**
 * A column that orders a list. The column is never null: write nulls last as `case when … is null then 'infinity' else … end`, or
 * `'-infinity'` descending. `coalesce` and functions such as `lower` keep row level security from comparing by an index: use a
 * generated column.
 */
export interface KeysetColumn {
  expression: RawBuilder<unknown>;
  type: 'timestamptz' | 'text' | 'uuid';
}

export interface KeysetOrder {
  /** The last column is unique, so that no two rows are equal in the order. */
  columns: readonly KeysetColumn[];
  direction: 'asc' | 'desc';
  /** What identifies the list: its name, order and filter. A cursor is valid for one list only. */
  list: unknown;
}

/** Orders by an instant that is never null, then by id. @param column the instant's column name in the table */
export function newestFirst(column: string, list: unknown): KeysetOrder {
  const columns = [
    { expression: sql.ref(column), type: 'timestamptz' },
    { expression: sql.ref('id'), type: 'uuid' },
  ] as const;
  return { columns, direction: 'desc', list };
}

/** The type `text[]`, which the driver's list of types does not name. */
const TEXT_ARRAY: number = 1009;
const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)\+00$/;
/** An instant outside the years 1 to 9999. No answer shows its row, and the list goes on behind it. */
const ODD_TIMESTAMP = /^(\d{4,6})-(\d\d)-(\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)\+00( BC)?$/;
/** The last whole years that PostgreSQL can hold. */
const LAST_YEAR = { AD: 294_275, BC: 4_713 };
const IS_VALUE: Record<KeysetColumn['type'], (text: string) => boolean> = {
  uuid: isUuid,
  text: (text) => text.isWellFormed() && !text.includes('\0'),
  timestamptz: (text) => {
    const [, date, time] = TIMESTAMP.exec(text) ?? [];
    return Object.hasOwn(INFINITIES, text) || isOddInstant(text) || parseInstant(`${date}T${time}Z`) !== undefined;
  },
};

/** A day is looked up in a year of the same length within the calendar of `Date`: 400 years have the same days. */
function isOddInstant(text: string): boolean {
  const [, digits, month, day, time, isBeforeChrist] = ODD_TIMESTAMP.exec(text) ?? [];
  const year = Number(digits);
  if (!(year >= 1) || year > LAST_YEAR[isBeforeChrist ? 'BC' : 'AD']) return false;
  const alike = 2_000 + ((isBeforeChrist ? 400 * 20 + 1 - year : year) % 400);
  return parseInstant(`${alike}-${month}-${day}T${time}Z`) !== undefined;
}

/**
 * Reads one page of `query` by comparing rows, not by an offset. The end of a list costs as little as its start, and pages stay
 * consistent while rows come and go.
 * @param query without order and limit
 * @throws {InvalidInput} INVALID_CURSOR
 */
export async function keysetPage<Tables, Names extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, Names, Row>,
  order: KeysetOrder,
  request: PageRequest,
): Promise<Page<Row>> {
  return pageOf(await keysetRows(query, order, request).execute(), order, request);
}

/** A row of a list, and the values of its order's columns: an array as PostgreSQL prints it, since few rows need a cursor. */
export type Placed<Row> = Row & { keyset: string };

const readKeyset = types.getTypeParser(TEXT_ARRAY) as (text: string) => string[];

/**
 * The rows of one page in the requested direction, and one more row where the list goes on.
 * @throws {InvalidInput} INVALID_CURSOR
 */
export function keysetRows<Tables, Names extends keyof Tables, Row>(
  query: SelectQueryBuilder<Tables, Names, Row>,
  order: KeysetOrder,
  request: PageRequest,
): SelectQueryBuilder<Tables, Names, Placed<Row>> {
  const direction = directionOf(order, request);
  const expressions = order.columns.map(({ expression }) => expression);
  const texts = expressions.map((expression) => sql`(${expression})::text`);
  let paged = query.select(sql<string>`array[${sql.join(texts)}]::text`.as('keyset'));
  if (request.cursor !== null) {
    paged = paged.where(beyond(expressions, readBounds(request.cursor, order), direction));
  }
  for (const expression of expressions) paged = paged.orderBy(expression, direction);
  return paged.limit(request.size + 1) as SelectQueryBuilder<Tables, Names, Placed<Row>>;
}

/** The direction in which the rows of a page are read. */
export function directionOf(order: KeysetOrder, request: PageRequest): 'asc' | 'desc' {
  return request.backwards === (order.direction === 'asc') ? 'desc' : 'asc';
}

/** The page made of the rows that `keysetRows` read. */
export function pageOf<Row>(rows: readonly Placed<Row>[], order: KeysetOrder, request: PageRequest): Page<Row> {
  const hasMore = rows.length > request.size;
  const shown = rows.slice(0, request.size);
  if (request.backwards) shown.reverse();
  const edges = shown.map((row) => new PlacedEdge(row, order));
  const hasBefore = request.cursor !== null;
  const [hasNextPage, hasPreviousPage] = request.backwards ? [hasBefore, hasMore] : [hasMore, hasBefore];
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: new PlacedPageInfo(edges, hasNextPage, hasPreviousPage),
  };
}

/** A class: with a literal of the same getters V8 keeps the rows until a full collection (`test/e2e/page-garbage.spec.ts`). */
class PlacedPageInfo implements PageInfo {
  constructor(
    private readonly edges: readonly Edge<unknown>[],
    readonly hasNextPage: boolean,
    readonly hasPreviousPage: boolean,
  ) {}

  get startCursor(): string | null {
    return this.edges[0]?.cursor ?? null;
  }

  get endCursor(): string | null {
    return this.edges.at(-1)?.cursor ?? null;
  }
}

class PlacedEdge<Row> implements Edge<Row> {
  constructor(
    readonly node: Placed<Row>,
    private readonly order: KeysetOrder,
  ) {}

  get cursor(): string {
    return encodeCursor(bindingOf(this.order), readKeyset(this.node.keyset));
  }
}

const bindings = new WeakMap<KeysetOrder, string>();

/** Made with the first cursor, once for all pages of an order: one statement can read pages of many owners. */
function bindingOf(order: KeysetOrder): string {
  const known = bindings.get(order);
  if (known !== undefined) return known;
  const binding = cursorBinding(order.list);
  bindings.set(order, binding);
  return binding;
}

const INFINITIES: Readonly<Record<string, 'asc' | 'desc'>> = { infinity: 'asc', '-infinity': 'desc' };

interface Bound {
  /** An infinite instant, beyond which no row lies in the given direction. In a text column the same word is an ordinary text. */
  endsAt: 'asc' | 'desc' | undefined;
  value: RawBuilder<unknown>;
}

/**
 * Rows after `bounds`. No row lies beyond infinity, so among rows with an infinite value only the next columns count. This form
 * shows the planner the number of these rows; otherwise it expects none, and sorts what may be half of a table.
 */
function beyond(
  expressions: readonly RawBuilder<unknown>[],
  bounds: readonly Bound[],
  direction: 'asc' | 'desc',
): RawBuilder<boolean> {
  const [first, ...rest] = expressions;
  const [bound, ...others] = bounds;
  const values = (list: readonly Bound[]) => sql.join(list.map(({ value }) => value));
  const comparison = sql.raw(direction === 'asc' ? '>' : '<');
  if (first && rest.length > 0 && bound?.endsAt === direction)
    return sql<boolean>`${first} = ${bound.value} and (${sql.join(rest)}) ${comparison} (${values(others)})`;
  return sql<boolean>`(${sql.join(expressions)}) ${comparison} (${values(bounds)})`;
}

/** @throws {InvalidInput} INVALID_CURSOR */
function readBounds(cursor: Input<string>, order: KeysetOrder): Bound[] {
  const checks = order.columns.map(({ type }) => IS_VALUE[type]);
  const values = cursor.read((input) => readCursor(input, bindingOf(order), checks));
  return order.columns.map(({ type }, index) => {
    const value = values[index] ?? '';
    return { endsAt: type === 'timestamptz' ? INFINITIES[value] : undefined, value: sql`${value}::${sql.raw(type)}` };
  });
}
