/** Remembered data may be used for this long after the sending of the last heartbeat that has come back. */
export const LEASE_MS = 1_500;
/** Key of a write that is not bound to one tenant. */
const ANY_TENANT = '*';

/**
 * How far the reports of the invalidation channel can be relied on. Instants are values of `performance.now()`.
 *
 * A heartbeat is a NOTIFY of our own. It is sent by the path that lookups are read by, and received on the listening connection.
 * PostgreSQL delivers notifications in commit order, so once the heartbeat sent at `e` is back, two facts are known: the server
 * that lookups were read from at `e` is the server we listen to, and every change committed there before `e` has been reported.
 * `holdsAt(t)` checks that the last heartbeat back was sent at `e >= t - LEASE_MS`.
 *
 * - The path still leads to the same server. A change committed at `c` and not yet reported has `c >= e`, so remembered data is
 *   used at most until `t <= c + LEASE_MS` = 1,500 ms after the commit. This holds under every fault: lost, late or held
 *   messages, a stalled event loop, a dead or half-open connection.
 * - The path leads to another server since `m`, because a pooler moved or an address changed. A heartbeat sent at `e >= m` is not
 *   received here, so the last one back has `e < m`: nothing is used beyond `m + LEASE_MS`, and data changed there by a commit at
 *   `c >= m` is used until `c + LEASE_MS` at most. A lookup, a heartbeat or a new connection that meets the other server ends the
 *   lease at once (`LeadingServer`). A standby can send no heartbeat, and no lookup is read from a standby.
 *
 * The lease needs no timer, because each use checks it. Shared lookups add no more delay (see `VerdictLookups`), which leaves 500
 * of the promised 2,000 ms.
 *
 * The path means the one of live connections: the channel cannot detect an old primary that lives on beside its successor and
 * keeps all our connections. `LeadershipFence` detects it where commits wait for a standby.
 */
export class HeartbeatLease {
  /** 0 while no heartbeat has come back on the present connection. */
  private until = 0;
  /**
   * Tenants that this process wrote to, each with the heartbeat that must come back before data remembered of the tenant is valid
   * again.
   */
  private readonly ownWrites = new Map<string, number>();

  /** True from the first heartbeat back until the lease is ended, even where it has expired meanwhile. */
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

  /** @param beat the first heartbeat that is sent after the write */
  noteOwnWrite(tenantId: string | null, beat: number): void {
    this.ownWrites.set(tenantId ?? ANY_TENANT, beat);
  }

  /** The heartbeat `beat`, sent at `sentAt`, has come back. */
  renew(beat: number, sentAt: number): void {
    this.until = sentAt + LEASE_MS;
    for (const [tenantId, needed] of this.ownWrites) if (needed <= beat) this.ownWrites.delete(tenantId);
  }

  end(): void {
    this.until = 0;
    this.ownWrites.clear();
  }
}
