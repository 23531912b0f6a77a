import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable } from '@nestjs/common';
import type { MikroORM } from '@mikro-orm/core';
import type { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { isUuid } from '#kernel';
import { InvalidationChannel } from './invalidation/invalidation-channel.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { IS_POOLED, ORM } from './database.token.js';
import { asAppError } from './connections/database-errors.js';
import { Consistency } from './positions/consistency.js';
import { LeadingServer } from './leading/leading-server.js';
import { ReplicaReads } from './replicas/replica-reads.js';
import type { Session } from './transactions/session.js';
import { TransactionRetries } from './transactions/transaction-retries.js';
import { Transactions } from './transactions/transactions.js';

/** The tenant that a database session is bound to, whose rows it may see. */
export interface TenantBound {
  readonly tenantId: string | null;
  /**
   * A user who may see only the own rows of tables with owners, as `memberIsolation` defines them. Left out or null: every row
   * of the tenant.
   */
  readonly memberId?: string | null;
}

/** A tenant that never exists: its session sees the platform's own users and no tenant's row. */
const NO_TENANT = '00000000-0000-0000-0000-000000000000';

/**
 * Sessions of `portal_app`, each bound to one tenant: row level security shows and accepts only this tenant's rows. Every
 * statement of `work` runs in one transaction, and the binding ends with the transaction.
 */
@Injectable()
export class TenantDatabase {
  private readonly transactions: Transactions;
  private readonly joined = new AsyncLocalStorage<JoinedTransaction>();

  constructor(
    @Inject(ORM) orm: MikroORM<PostgreSqlDriver>,
    @Inject(IS_POOLED) isPooled: boolean,
    private readonly invalidations: InvalidationChannel,
    private readonly retries: TransactionRetries,
    servers: LeadingServer,
    private readonly consistency: Consistency,
    private readonly replicas: ReplicaReads,
    @Inject(DATABASE_OPTIONS) { schema }: DatabaseOptions,
  ) {
    this.transactions = new Transactions(orm, 'portal_app', isPooled, servers, schema, consistency);
  }

  /**
   * Reads only.
   * @throws {ServiceUnavailable} when the database is unavailable or too slow
   */
  read<Result>(by: TenantBound, work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.joinedBy(by)?.read(work) ?? this.transactions.read(work, bindingOf(by));
  }

  /**
   * Like `read`, for what a client lists or looks at: a query may get it from a replica, up to 1.5 s old, and never older than the
   * client's own writes. Nothing that is judged before a change or an admission is read by this method.
   * @param work makes one statement, which leaves in one write with the begin and the end of its transaction
   * @throws {ServiceUnavailable} when the database is unavailable or too slow
   */
  readForDisplay<Result>(by: TenantBound, work: (session: Session) => Promise<Result>): Promise<Result> {
    if (!this.consistency.isQuery) return this.readOnce(by, work);
    return this.replicas.read(bindingOf(by), work, () => this.readOnce(by, work));
  }

  /**
   * Runs `work` inside the transaction of `session`: reads that `work` makes through this class with the binding of `by` join this
   * transaction. They see its changes and wait for no second connection.
   */
  async joining<Result>(session: Session, by: TenantBound, work: () => Promise<Result>): Promise<Result> {
    const joined = new JoinedTransaction(session, by);
    try {
      return await this.joined.run(joined, work);
    } finally {
      joined.isOver = true;
    }
  }

  /**
   * Commits all changes or none. `work` runs again, at most three times, when its transaction was rolled back because of a
   * concurrent one, so it may write only to its session.
   *
   * This process uses no remembered verdict on a key of this tenant until the invalidation channel has reported the change.
   * @throws {ServiceUnavailable} when the database is unavailable or too slow. The changes may be there all the same: see `Transactions.write`.
   */
  write<Result>(by: TenantBound, work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.writeQuietly(by, work).finally(() => this.invalidations.noteOwnWrite(by.tenantId));
  }

  /**
   * Like `write`, for tables that no verdict on a credential depends on: remembered keys stay remembered. In doubt use `write`.
   * If the change does affect verdicts, the table's trigger still reports the change, but this process may answer from memory
   * until the report arrives, even after its reply has gone out.
   */
  async writeQuietly<Result>(by: TenantBound, work: (session: Session) => Promise<Result>): Promise<Result> {
    const binding = bindingOf(by);
    return this.retries.run(() => this.transactions.write(work, binding));
  }

  private readOnce<Result>(by: TenantBound, work: (session: Session) => Promise<Result>): Promise<Result> {
    return this.joinedBy(by)?.read(work) ?? this.transactions.readOnce(work, bindingOf(by));
  }

  /** The transaction that reads with the binding of `by` join at present. */
  private joinedBy(by: TenantBound): JoinedTransaction | undefined {
    const joined = this.joined.getStore();
    return joined?.isOf(by) ? joined : undefined;
  }
}

/**
 * The transaction that reads with the same binding join. They run one after another, since a connection runs one statement at a
 * time.
 */
class JoinedTransaction {
  /** Reads that go on after the work has ended use a transaction of their own. */
  isOver = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly session: Session,
    private readonly by: TenantBound,
  ) {}

  isOf({ tenantId, memberId = null }: TenantBound): boolean {
    return !this.isOver && tenantId === this.by.tenantId && memberId === (this.by.memberId ?? null);
  }

  read<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    const result = this.last.then(() => work(this.session));
    this.last = result.catch(() => undefined);
    return result.catch((error: unknown) => {
      throw asAppError(error);
    });
  }
}

/** The settings that row level security reads. */
function bindingOf({ tenantId, memberId = null }: TenantBound): Readonly<Record<string, string>> {
  const bound = tenantId ?? NO_TENANT;
  if (!isUuid(bound)) throw new Error('A tenant is bound by its id, which is a UUID.');
  if (memberId === null) return { 'app.tenant_id': bound };
  if (!isUuid(memberId)) throw new Error('A member is bound by its id, which is a UUID.');
  return { 'app.tenant_id': bound, 'app.member_id': memberId };
}
