import { Inject, Injectable } from '@nestjs/common';
import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';
import { ChangeChannel } from './change-channel.js';
import { asAppError } from './database-errors.js';
import { IS_POOLED, ORM } from './database.token.js';
import { transactionSettings } from './pool-settings.js';
import { inSession, type Session } from './session.js';
import { TenantReads } from './tenant-reads.js';
import { TransactionRetries } from './transaction-retries.js';

/** Who a database session is bound to: the tenant whose rows it may see. */
export interface TenantBound {
  readonly tenantId: string | null;
}

/** A tenant that never exists: its session sees the platform's own users and no tenant's row. */
const NO_TENANT = '00000000-0000-0000-0000-000000000000';

/**
 * Sessions of `portal_app`, each bound to one tenant: row level security shows its rows and admits no other's.
 * Every statement of `work` runs in one transaction, and the binding ends with it.
 */
@Injectable()
export class TenantDatabase {
  private reads: TenantReads | undefined;

  constructor(
    @Inject(ORM) private readonly orm: MikroORM<PostgreSqlDriver>,
    @Inject(IS_POOLED) private readonly isPooled: boolean,
    private readonly changes: ChangeChannel,
    private readonly retries: TransactionRetries,
  ) {}

  /**
   * Reads rows that only go out again: no entities, no unit of work.
   * @throws {ServiceUnavailable} when the database is away or too slow
   */
  async read<Tables, Result>(by: TenantBound, work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result> {
    try {
      this.reads ??= await this.openReads();
      return await this.reads.run(by.tenantId ?? NO_TENANT, work);
    } catch (error) {
      throw asAppError(error);
    }
  }

  /**
   * Changes rows, all or none. `work` is run again, at most three times, when its transaction was rolled back for the sake
   * of another: it may write to nothing but its session.
   *
   * Until the change channel has told of it, no remembered verdict on a key of this tenant is relied on here.
   * @throws {ServiceUnavailable} when the database is away or too slow; nothing was changed
   */
  write<Result>(by: TenantBound, work: (em: Session) => Promise<Result>): Promise<Result> {
    return this.writeQuietly(by, work).finally(() => this.changes.noteOwnWrite(by.tenantId));
  }

  /**
   * The same for tables that no verdict on a credential rests on: what is remembered of keys stays remembered. In doubt
   * `write` is right. Through this door a change of what a verdict does rest on is still told by the table's trigger, but
   * this process may answer from memory until it has heard of it, after its reply has gone out.
   */
  writeQuietly<Result>(by: TenantBound, work: (em: Session) => Promise<Result>): Promise<Result> {
    const variables = {
      ...transactionSettings('portal_app', this.isPooled),
      'app.tenant_id': by.tenantId ?? NO_TENANT,
    };
    return this.retries.run(() => inSession(this.orm, variables, work));
  }

  private async openReads(): Promise<TenantReads> {
    const pool = await this.orm.em.getConnection().getNativeClient();
    return new TenantReads(pool, this.isPooled);
  }
}
