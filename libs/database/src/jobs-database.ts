import { Inject, Injectable } from '@nestjs/common';
import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { ChangeChannel } from './change-channel.js';
import { asAppError } from './database-errors.js';
import { IS_POOLED, ORM } from './database.token.js';
import { transactionSettings } from './pool-settings.js';
import type { Session } from './tenant-database.js';
import { TransactionRetries } from './transaction-retries.js';

/** Sessions of `portal_jobs`: work that no tenant's request asked for, across tenants. */
@Injectable()
export class JobsDatabase {
  constructor(
    @Inject(ORM) private readonly orm: MikroORM<PostgreSqlDriver>,
    @Inject(IS_POOLED) private readonly isPooled: boolean,
    private readonly changes: ChangeChannel,
    private readonly retries: TransactionRetries,
  ) {}

  /**
   * All or nothing. `work` may be run again, as that of `TenantDatabase.write`.
   * @throws {ServiceUnavailable} when the database is away or too slow; nothing was changed
   */
  async run<Result>(work: (em: Session) => Promise<Result>): Promise<Result> {
    // Whatever it changed is true for this process before the caller knows of it.
    return this.count(work).finally(() => this.changes.noteOwnWrite(null));
  }

  /** Like `run`, for counters that no verdict rests on: what is remembered of keys stays remembered. */
  count<Result>(work: (em: Session) => Promise<Result>): Promise<Result> {
    return this.retries.run(() => this.session(work));
  }

  private async session<Result>(work: (em: Session) => Promise<Result>): Promise<Result> {
    const em = this.orm.em.fork();
    em.setSessionContext({ variables: transactionSettings('portal_jobs', this.isPooled) });
    try {
      return await em.transactional((bound) => work(bound as Session));
    } catch (error) {
      throw asAppError(error);
    }
  }
}
