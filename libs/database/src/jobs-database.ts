import { Inject, Injectable } from '@nestjs/common';
import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { ChangeChannel } from './change-channel.js';
import { IS_POOLED, ORM } from './database.token.js';
import { transactionSettings } from './pool-settings.js';
import { inSession, type Session } from './session.js';
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
  run<Result>(work: (em: Session) => Promise<Result>): Promise<Result> {
    // Whatever it changed is true for this process before the caller knows of it.
    return this.runQuietly(work).finally(() => this.changes.noteOwnWrite(null));
  }

  /**
   * The same for reads, and for columns that no verdict on a credential rests on: what is remembered of keys stays
   * remembered. `TenantDatabase.writeQuietly` tells what a wrong choice costs.
   */
  runQuietly<Result>(work: (em: Session) => Promise<Result>): Promise<Result> {
    const variables = transactionSettings('portal_jobs', this.isPooled);
    return this.retries.run(() => inSession(this.orm, variables, work));
  }
}
