/** Remembered data may be used for this long after the sending of the last question that was proven. */
export const LEASE_MS = 1_500;
/** Key of a write that is not bound to one tenant. */
const ANY_TENANT = '*';

/**
 * How far the reports of the invalidation channel can be relied on. Instants are values of `performance.now()`, each of this process.
 *
 * Four times a second an instance asks, by the path that lookups are read by, where this path leads to and where the log of changes
 * (WAL) ends there. A heartbeat is a NOTIFY that any instance sends to all; it has the end of the log at its own sending. The question
 * sent at `e` with the answer `p` is proven once a heartbeat with a position `l >= p` is received on the listening connection, if this
 * connection leads to the same database on the same running server as the path of lookups. Then every change committed there
 * before `e` has been reported:
 *
 * 1. The record of its commit was in the log when the question was answered, so it ends at `p` or before.
 * 2. PostgreSQL queues the notifications of a transaction before it writes this record, and holds a lock of the whole cluster from then
 *    until the transaction has ended. So notifications stand in the queue in the order of commits.
 * 3. The sender read `l >= p` when that record was in the log, thus when the change was queued. The heartbeat was queued later.
 * 4. Notifications are delivered in the order of the queue.
 *
 * No clock of another machine is read, and it does not matter who has sent the heartbeat, or when. A heartbeat that is sent again
 * proves less and nothing wrong. It has to be signed, because a position that no log has reached would prove too much.
 *
 * `holdsAt(t)` checks that the last proven question was sent at `e >= t - LEASE_MS`.
 *
 * - The path still leads to the same server. A change committed at `c` and not yet reported has `c >= e`, so remembered data is
 *   used at most until `t <= c + LEASE_MS` = 1,500 ms after the commit. This holds under every fault: lost, late or held
 *   messages, a stalled event loop, a dead or half-open connection, an end of the instance that sends the heartbeats.
 * - The path leads to another server since `m`, because a pooler moved or an address changed. The answer to a question sent at
 *   `e >= m` names another server, so the last one proven has `e < m`: nothing is used beyond `m + LEASE_MS`, and data changed there
 *   by a commit at `c >= m` is used until `c + LEASE_MS` at most. A lookup, a question or a new connection that meets the other
 *   server ends the lease at once (`LeadingServer`). A standby answers no question, and no lookup is read from a standby.
 *
 * The lease needs no timer, because each use checks it. Shared lookups add no more delay (see `VerdictLookups`), which leaves 500
 * of the promised 2,000 ms.
 *
 * The path means the one of live connections: the channel cannot detect an old primary that lives on beside its successor and
 * keeps all our connections. `LeadershipFence` detects it where commits wait for a standby.
 */
export class HeartbeatLease {
  /** 0 while nothing is proven on the present connection. */
  private until = 0;
  /**
   * Tenants that this process wrote to, each with the question that must be proven before data remembered of the tenant is valid
   * again.
   */
  private readonly ownWrites = new Map<string, number>();

  /** True from the first proof until the lease is ended, even where it has expired meanwhile. */
  get isBegun(): boolean {
    return this.until > 0;
  }

  /** True if every change committed more than `LEASE_MS` before `now` has been reported. */
  holdsAt(now: number): boolean {
    return now <= this.until;
  }

  /** Everything committed before this instant has been reported; -Infinity where nothing is known. */
  get reportedUntil(): number {
    return this.until === 0 ? -Infinity : this.until - LEASE_MS;
  }

  /** True if every noted change that this process itself made to a tenant's rows has been reported. */
  ownWritesAreReported(tenantId: string): boolean {
    if (this.ownWrites.size === 0) return true;
    return !this.ownWrites.has(tenantId) && !this.ownWrites.has(ANY_TENANT);
  }

  /** @param question the first question that is sent after the write */
  noteOwnWrite(tenantId: string | null, question: number): void {
    this.ownWrites.set(tenantId ?? ANY_TENANT, question);
  }

  /** The question `question`, sent at `sentAt`, is proven. */
  renew(question: number, sentAt: number): void {
    this.until = sentAt + LEASE_MS;
    for (const [tenantId, needed] of this.ownWrites) if (needed <= question) this.ownWrites.delete(tenantId);
  }

  end(): void {
    this.until = 0;
    this.ownWrites.clear();
  }
}
