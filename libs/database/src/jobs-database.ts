import { Inject, Injectable } from '@nestjs/common';
import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { InvalidationChannel } from './invalidation/invalidation-channel.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { IS_POOLED, ORM } from './database.token.js';
import { Consistency } from './positions/consistency.js';
import { LeadingServer } from './leading/leading-server.js';
import type { Session } from './transactions/session.js';
import { TransactionRetries } from './transactions/transaction-retries.js';
import { Transactions } from './transactions/transactions.js';

/** Sessions of `portal_jobs`, which works across tenants and not for a tenant's request. */
@Injectable()
export class JobsDatabase {
  private readonly transactions: Transactions;

  constructor(
    @Inject(ORM) orm: MikroORM<PostgreSqlDriver>,
    @Inject(IS_POOLED) isPooled: boolean,
    private readonly invalidations: InvalidationChannel,
    private readonly retries: TransactionRetries,
    servers: LeadingServer,
    consistency: Consistency,
    @Inject(DATABASE_OPTIONS) { schema }: DatabaseOptions,
  ) {
    this.transactions = new Transactions(orm, 'portal_jobs', isPooled, servers, schema, consistency);
  }

  /**
   * Reads only.
   * @throws {ServiceUnavailable} when the database is unavailable or too slow
   */
  read<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.transactions.read(work);
  }

  /**
   * Commits all changes or none. `work` may be run again, like that of `TenantDatabase.write`.
   * @throws {ServiceUnavailable} when the database is unavailable or too slow. The changes may be there all the same: see `Transactions.write`.
   */
  write<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    // This process must use the changed data before the caller goes on.
    return this.writeQuietly(work).finally(() => this.invalidations.noteOwnWrite(null));
  }

  /**
   * Like `write`, for columns that no verdict on a credential depends on: remembered keys stay remembered.
   * `TenantDatabase.writeQuietly` describes the cost of a wrong choice.
   */
  writeQuietly<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.retries.run(() => this.transactions.write(work));
  }
}
