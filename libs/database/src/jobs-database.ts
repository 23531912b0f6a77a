import { Inject, Injectable } from '@nestjs/common';
import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { ChangeChannel } from './change-channel.js';
import { IS_POOLED, ORM } from './database.token.js';
import type { Session } from './session.js';
import { TransactionRetries } from './transaction-retries.js';
import { Transactions } from './transactions.js';

/** Sessions of `portal_jobs`: work that no tenant's request asked for, across tenants. */
@Injectable()
export class JobsDatabase {
  private readonly transactions: Transactions;

  constructor(
    @Inject(ORM) orm: MikroORM<PostgreSqlDriver>,
    @Inject(IS_POOLED) isPooled: boolean,
    private readonly changes: ChangeChannel,
    private readonly retries: TransactionRetries,
  ) {
    this.transactions = new Transactions(orm, 'portal_jobs', isPooled);
  }

  /**
   * Reads only.
   * @throws {ServiceUnavailable} when the database is away or too slow
   */
  read<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.transactions.read(work);
  }

  /**
   * All or nothing. `work` may be run again, as that of `TenantDatabase.write`.
   * @throws {ServiceUnavailable} when the database is away or too slow; nothing was changed
   */
  write<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    // Whatever it changed is true for this process before the caller knows of it.
    return this.writeQuietly(work).finally(() => this.changes.noteOwnWrite(null));
  }

  /**
   * The same for columns that no verdict on a credential rests on: what is remembered of keys stays remembered.
   * `TenantDatabase.writeQuietly` describes what a wrong choice costs.
   */
  writeQuietly<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.retries.run(() => this.transactions.write(work));
  }
}
