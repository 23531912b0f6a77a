import type { Input } from './input.js';
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
  cursor: Input<string> | null;
}

export interface Edge<Node> {
  node: Node;
  /** The cursor, made only when it is read. */
  readonly cursor: string;
}

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** Rows in the list's order, in whichever direction they were read. */
export interface Page<Node> {
  edges: Edge<Node>[];
  nodes: Node[];
  pageInfo: PageInfo;
}

/** Refuses sizes out of range, both directions at once, and cursors of the other direction. */
export function readPage(input: Input<PageArguments>): PageRequest {
  const first = input.given('first')?.wholeNumber(LIMITS.pageSize);
  const last = input.given('last')?.wholeNumber(LIMITS.pageSize);
  const [after, before] = [input.given('after'), input.given('before')];
  if (last === undefined) before?.refuse('MALFORMED', 'requires last.');
  else {
    if (first !== undefined) input.at('last').refuse('MALFORMED', 'cannot be combined with first.');
    after?.refuse('MALFORMED', 'cannot be combined with last.');
  }
  const backwards = last !== undefined;
  return {
    size: last ?? first ?? LIMITS.pageSize.default,
    backwards,
    cursor: (backwards ? before : after) ?? null,
  };
}

/** The same page with every node converted. */
export function mapPage<From, To>(page: Page<From>, form: (node: From) => To): Page<To> {
  const edges = page.edges.map((edge) => new MappedEdge(form(edge.node), edge));
  return { edges, nodes: edges.map((edge) => edge.node), pageInfo: page.pageInfo };
}

/** The same page without some of its nodes; the next page still begins at the same place. */
export function filterPage<Node>(page: Page<Node>, isWanted: (node: Node) => boolean): Page<Node> {
  const edges = page.edges.filter(({ node }) => isWanted(node));
  return { edges, nodes: edges.map(({ node }) => node), pageInfo: page.pageInfo };
}

/** The same for the pages of many lists. */
export function filterPages<Node>(
  pages: ReadonlyMap<string, Page<Node>>,
  isWanted: (node: Node) => boolean,
): Map<string, Page<Node>> {
  return new Map([...pages].map(([owner, page]) => [owner, filterPage(page, isWanted)]));
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
export function countedPage<Node>(page: Page<Node>, count: () => Promise<number>): CountedPage<Node> {
  return new CountedPage(page, count);
}

/** A class: with a literal and a getter a page of devices costs a quarter more CPU (`bench/README.md`). */
class CountedPage<Node> implements Page<Node> {
  readonly edges: Edge<Node>[];
  readonly nodes: Node[];
  readonly pageInfo: PageInfo;

  constructor(
    page: Page<Node>,
    private readonly count: () => Promise<number>,
  ) {
    ({ edges: this.edges, nodes: this.nodes, pageInfo: this.pageInfo } = page);
  }

  get totalCount(): Promise<number> {
    return this.count();
  }
}
