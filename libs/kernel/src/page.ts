import { Problems } from './invalid-input.js';
import { LIMITS } from './limits.js';

/** Relay's arguments, as a client sent them. */
export interface PageArguments {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
}

/**
 * The requested page: the number of rows, and whether to read forwards or backwards, from a cursor or from the end of the list.
 */
export interface PageRequest {
  size: number;
  backwards: boolean;
  cursor: string | null;
  /** Name of the argument that held the cursor, for error messages. */
  cursorArgument: 'after' | 'before';
}

export interface Edge<Node> {
  node: Node;
  /** The cursor, made only when it is read. */
  readonly cursor: string;
}

/** Rows in the list's order, in whichever direction they were read. */
export interface Page<Node> {
  edges: Edge<Node>[];
  nodes: Node[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/**
 * @param problems found in other arguments; they are reported together with the problems found here
 * @throws {InvalidInput} for sizes out of range, both directions at once, and cursors of the other direction.
 */
export function readPage(page: PageArguments, problems = new Problems()): PageRequest {
  for (const name of ['first', 'last'] as const) {
    const size = page[name];
    if (size != null && (size < LIMITS.pageSize.min || size > LIMITS.pageSize.max))
      problems.add([name], 'OUT_OF_RANGE', `must be from ${LIMITS.pageSize.min} to ${LIMITS.pageSize.max}.`);
  }
  if (page.first != null && page.last != null) problems.add(['last'], 'MALFORMED', 'cannot go with first.');
  if (page.last != null && page.after != null) problems.add(['after'], 'MALFORMED', 'cannot go with last.');
  if (page.before != null && page.last == null) problems.add(['before'], 'MALFORMED', 'needs last.');
  problems.throwIfAny();
  const backwards = page.last != null;
  return {
    size: page.last ?? page.first ?? LIMITS.pageSize.default,
    backwards,
    cursor: (backwards ? page.before : page.after) ?? null,
    cursorArgument: backwards ? 'before' : 'after',
  };
}

/** The same page with every node converted. */
export function mapPage<From, To>(page: Page<From>, form: (node: From) => To): Page<To> {
  const edges = page.edges.map((edge) => new MappedEdge(form(edge.node), edge));
  return { edges, nodes: edges.map((edge) => edge.node), pageInfo: page.pageInfo };
}

/** The same page without some of its nodes; the next page still begins at the same place. */
export function filterPage<Node>(page: Page<Node>, admits: (node: Node) => boolean): Page<Node> {
  const edges = page.edges.filter(({ node }) => admits(node));
  return { edges, nodes: edges.map(({ node }) => node), pageInfo: page.pageInfo };
}

/** The same for the pages of many lists. */
export function filterPages<Node>(
  pages: ReadonlyMap<string, Page<Node>>,
  admits: (node: Node) => boolean,
): Map<string, Page<Node>> {
  return new Map([...pages].map(([owner, page]) => [owner, filterPage(page, admits)]));
}

class MappedEdge<Node> implements Edge<Node> {
  constructor(
    readonly node: Node,
    private readonly from: Edge<unknown>,
  ) {}

  get cursor(): string {
    return this.from.cursor;
  }
}

/** `page` with a total that is counted only when an answer reads it. */
export function countedPage<Node>(
  page: Page<Node>,
  count: () => Promise<number>,
): Page<Node> & { readonly totalCount: Promise<number> } {
  return {
    ...page,
    get totalCount() {
      return count();
    },
  };
}
