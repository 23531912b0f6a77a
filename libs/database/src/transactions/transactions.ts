import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Pool, PoolClient } from 'pg';
import { LIMITS } from '#kernel';
import { asAppError, NotBegun, wasStale } from '../connections/database-errors.js';
import type { Consistency } from '../positions/consistency.js';
import type { LeadingServer } from '../leading/leading-server.js';
import { transactionSettings } from '../connections/pool-settings.js';
import { PreparedStatements } from './prepared-statements.js';
import { tryReading } from './reading-tries.js';
import { beginReading, beginWriting, settingsOf, withinReading, withinTransaction } from './transaction.js';
import type { Role } from '../connections/roles.js';
import { type Session, Sessions } from './session.js';
import { traceSettings } from '../connections/trace-parent.js';

/**
 * A commit may wait this long for a standby. It may also wait for the lock of notifying commits, which the server gives up first:
 * then the transaction is known to be undone.
 */
const COMMIT_MS = LIMITS.lockTimeoutMs + 500;

type Work<Result> = (session: Session) => Promise<Result>;

/**
 * Transactions of one role, on connections of the ORM's own pool and without the ORM's unit of work, which is three times as slow
 * for a page of rows that are only returned.
 */
export class Transactions {
  private readonly beginReading: string;
  private readonly beginWriting: string;
  private readonly readWithin: typeof withinReading;
  private readonly reading: Sessions;
  /** Each choice of changed members gives another text, so these statements are not prepared by name. */
  private readonly writing = new Sessions(new PreparedStatements(0));
  private pool: Pool | undefined;

  constructor(
    private readonly orm: MikroORM<PostgreSqlDriver>,
    role: Role,
    isPooled: boolean,
    private readonly servers: LeadingServer,
    schema: string | undefined,
    private readonly consistency: Consistency,
  ) {
    this.readWithin = isPooled
      ? (pool, begin, work) => withinTransaction(pool, begin, (client) => work(client, () => undefined))
      : withinReading;
    const settings = transactionSettings(role, isPooled, schema);
    this.beginReading = beginReading(settings);
    this.beginWriting = beginWriting(settings);
    this.reading = new Sessions(new PreparedStatements(isPooled ? 0 : undefined));
  }

  /**
   * Reads only.
   * @param variables settings in addition to the role's; they hold until the transaction ends
   * @throws {ServiceUnavailable} when the database is unavailable or too slow
   */
  read<Result>(work: Work<Result>, variables: Readonly<Record<string, string>> = {}): Promise<Result> {
    return this.reads(variables, (client) => work(this.reading.on(client)));
  }

  /**
   * Like `read`, for work that makes one statement: everything is sent in one write. Another statement of `work` is refused.
   * @throws {ServiceUnavailable} when the database is unavailable or too slow
   */
  readOnce<Result>(work: Work<Result>, variables: Readonly<Record<string, string>> = {}): Promise<Result> {
    return this.reads(variables, (client, end) => work(this.reading.on(client, end)));
  }

  /**
   * Commits all changes or none.
   * @throws {ServiceUnavailable} when the database is unavailable or too slow. Where the answer to a commit was lost, or its wait for a
   *   standby was cut short, the changes may be there all the same.
   */
  async write<Result>(work: Work<Result>, variables: Readonly<Record<string, string>> = {}): Promise<Result> {
    // The transaction begins after this wait, and so does its time.
    await this.servers.requireLead();
    const begunAt = performance.now();
    let hasBegun = false;
    try {
      const begin = beginWith(this.beginWriting, { ...variables, ...traceSettings() });
      const commit = {
        withinMs: this.servers.isSynchronous ? COMMIT_MS : undefined,
        note: this.consistency.noteOfCommit,
      };
      const begunWork = (client: PoolClient) => {
        hasBegun = true;
        return work(this.writing.on(client));
      };
      return await this.within((pool) => withinTransaction(pool, begin, begunWork, commit));
    } catch (error) {
      // Its connection was idle and had been closed: nothing of it has reached the database.
      if (!hasBegun && wasStale(error, begunAt)) throw new NotBegun({ cause: error });
      throw asAppError(error);
    }
  }

  private async reads<Result>(
    variables: Readonly<Record<string, string>>,
    work: (client: PoolClient, end: () => void) => Promise<Result>,
  ): Promise<Result> {
    const begin = beginWith(this.beginReading, variables);
    try {
      return await tryReading(
        () => this.within((pool) => this.readWithin(pool, begin, work)),
        () => this.reading.statements.renew(),
      );
    } catch (error) {
      throw asAppError(error);
    }
  }

  private async within<Result>(transaction: (pool: Pool) => Promise<Result>): Promise<Result> {
    this.pool ??= await this.orm.em.getConnection().getNativeClient();
    return transaction(this.pool);
  }
}

/** The message with more settings appended, so that everything is sent at once. */
const beginWith = (begin: string, variables: Readonly<Record<string, string>>) =>
  [begin, ...settingsOf(variables)].join(', ');
