import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable } from '@nestjs/common';
import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { isUuid } from '#kernel';
import { ChangeChannel } from './change-channel.js';
import { IS_POOLED, ORM } from './database.token.js';
import { asAppError } from './database-errors.js';
import type { Session } from './session.js';
import { TransactionRetries } from './transaction-retries.js';
import { Transactions } from './transactions.js';

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
  private readonly transactions: Transactions;
  private readonly joined = new AsyncLocalStorage<JoinedTransaction>();

  constructor(
    @Inject(ORM) orm: MikroORM<PostgreSqlDriver>,
    @Inject(IS_POOLED) isPooled: boolean,
    private readonly changes: ChangeChannel,
    private readonly retries: TransactionRetries,
  ) {
    this.transactions = new Transactions(orm, 'portal_app', isPooled);
  }

  /**
   * Reads only.
   * @throws {ServiceUnavailable} when the database is away or too slow
   */
  read<Result>(by: TenantBound, work: (session: Session) => Promise<Result>): Promise<Result> {
    const joined = this.joined.getStore();
    return joined?.isOf(by) ? joined.read(work) : this.transactions.read(work, bindingOf(by));
  }

  /**
   * Runs `work` inside the transaction of `session`: what `work` reads of the tenant of `by`, by this class, it reads
   * there. So it sees what that transaction has changed, and waits for no second connection.
   */
  async joining<Result>(session: Session, by: TenantBound, work: () => Promise<Result>): Promise<Result> {
    const joined = new JoinedTransaction(session, by.tenantId);
    try {
      return await this.joined.run(joined, work);
    } finally {
      joined.isOver = true;
    }
  }

  /**
   * Changes rows, all or none. `work` is run again, at most three times, when its transaction was rolled back for the sake
   * of another: it may write to nothing but its session.
   *
   * Until the change channel has told of it, no remembered verdict on a key of this tenant is relied on here.
   * @throws {ServiceUnavailable} when the database is away or too slow; nothing was changed
   */
  write<Result>(by: TenantBound, work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.writeQuietly(by, work).finally(() => this.changes.noteOwnWrite(by.tenantId));
  }

  /**
   * The same for tables that no verdict on a credential rests on: what is remembered of keys stays remembered. In doubt
   * `write` is right. Through this door a change of what a verdict does rest on is still told by the table's trigger, but
   * this process may answer from memory until it has heard of it, after its reply has gone out.
   */
  async writeQuietly<Result>(by: TenantBound, work: (session: Session) => Promise<Result>): Promise<Result> {
    const binding = bindingOf(by);
    return this.retries.run(() => this.transactions.write(work, binding));
  }
}

/** A transaction that reads of the same tenant are joined to, one after another: a connection runs one statement at a time. */
class JoinedTransaction {
  /** What goes on after the work has ended reads for itself. */
  isOver = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly session: Session,
    private readonly tenantId: string | null,
  ) {}

  isOf({ tenantId }: TenantBound): boolean {
    return !this.isOver && tenantId === this.tenantId;
  }

  read<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const result = this.last.then(() => work(this.session));
    this.last = result.catch(() => undefined);
    return result.catch((error: unknown) => {
      throw asAppError(error);
    });
  }
}

/** What row level security reads. */
function bindingOf({ tenantId }: TenantBound): Readonly<Record<string, string>> {
  const bound = tenantId ?? NO_TENANT;
  if (!isUuid(bound)) throw new Error('A tenant is bound by its id, which is a UUID.');
  return { 'app.tenant_id': bound };
}
