import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable } from '@nestjs/common';
import { readToken, tokenOf, tokensIn } from './consistency-token.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from '../database.options.js';
import { LeadingServer } from '../leading/leading-server.js';
import { laterOf, type WalPosition } from './wal-position.js';

/** Why a read that may go to a replica went to the primary. */
export const FALLBACKS = ['away', 'behind', 'failed', 'position unknown', 'query on primary', 'token unknown'] as const;
export type Fallback = (typeof FALLBACKS)[number];

/** A client's operation that changes data. */
interface Change {
  readonly kind: 'change';
  /** The primary's position after the last commit of the operation. */
  written?: WalPosition;
}

/** A client's operation that only reads. */
interface Query {
  readonly kind: 'query';
  /** The header with the tokens that the client has sent; empty without one. */
  readonly tokens: string;
  /** The primary answered a read of this query. */
  isOnPrimary: boolean;
  /** The position that no answer of a replica to this query lies behind. */
  seen: Promise<WalPosition | undefined>;
}

/**
 * What a client's operation may see. A query may be answered by a replica that has replayed the client's own writes, which tokens
 * name. An operation that changes data reads from the primary, and so does everything that runs in no operation.
 */
@Injectable()
export class Consistency {
  /** False without replicas: then operations need not be announced. */
  readonly isOn: boolean;
  private readonly operations = new AsyncLocalStorage<Change | Query>();

  constructor(
    @Inject(DATABASE_OPTIONS) { readUrl }: DatabaseOptions,
    private readonly servers: LeadingServer,
  ) {
    this.isOn = readUrl !== undefined;
  }

  /** Runs a query. @param tokens the client's header: no token, one, or several separated by commas */
  query<Result>(tokens: string, work: () => Result): Result {
    const query: Query = { kind: 'query', tokens, isOnPrimary: false, seen: Promise.resolve(undefined) };
    return this.operations.run(query, work);
  }

  /**
   * Runs an operation that changes data.
   * @returns its result, and the token of its last commit. Undefined where nothing was committed.
   */
  async change<Result>(work: () => Result): Promise<{ result: Awaited<Result>; token: string | undefined }> {
    const change: Change = { kind: 'change' };
    const result = await this.operations.run(change, work);
    const { leader } = this.servers;
    return { result, token: leader && change.written && tokenOf(change.written, leader.system) };
  }

  get isQuery(): boolean {
    return this.operations.getStore()?.kind === 'query';
  }

  /** Notes the position after a commit of the present operation. Undefined where nobody asks for this position. */
  get noteOfCommit(): ((position: WalPosition) => void) | undefined {
    const operation = this.isOn ? this.operations.getStore() : undefined;
    if (operation?.kind !== 'change') return undefined;
    return (position) => {
      operation.written = laterOf(operation.written, position);
    };
  }

  /** The primary answers a read of the present query. */
  notePrimary(): void {
    const operation = this.operations.getStore();
    if (operation?.kind === 'query') operation.isOnPrimary = true;
  }

  /** A replica answered a read of the present query. @param seen the position after that read; rejects where it is not known */
  noteSeen(seen: Promise<WalPosition>): void {
    const operation = this.operations.getStore();
    if (operation?.kind !== 'query') return;
    const earlier = operation.seen;
    operation.seen = seen.then(
      async (position) => laterOf(await earlier, position),
      () => {
        operation.isOnPrimary = true;
        return earlier;
      },
    );
  }

  /**
   * The position that a replica must have replayed for the present query. The reads of one query never go back in time: a later read
   * may rest on rows that an earlier read has shown.
   * @param bound the position that a replica must have replayed for any query
   */
  async required(bound: WalPosition): Promise<WalPosition | Fallback> {
    const operation = this.operations.getStore();
    if (operation?.kind !== 'query') return bound;
    const seen = await operation.seen;
    if (operation.isOnPrimary) return 'query on primary';
    if (seen && seen.timeline !== bound.timeline) return 'position unknown';
    const system = this.servers.leader?.system ?? '';
    let required = seen ? laterOf(bound, seen) : bound;
    for (const token of tokensIn(operation.tokens) ?? ['']) {
      const position = readToken(token, system);
      // A failover may have undone or reordered what another timeline holds.
      if (position?.timeline !== bound.timeline) return 'token unknown';
      required = laterOf(required, position);
    }
    return required;
  }
}
