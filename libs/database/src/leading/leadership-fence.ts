import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { acknowledged } from '../connections/acknowledged.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from '../database.options.js';
import { LeadingServer, serverOf, WHICH_SERVER } from './leading-server.js';
import { withClient } from '../connections/one-client.js';
import { breakConnections, checkOf, connectionOf, guardPool } from '../connections/pool-guard.js';
import { poolConfig } from '../connections/pool-settings.js';

const NAME = 'latchkey fence';
/** Time between two proofs: the time between two heartbeats of the invalidation channel. */
const PERIOD_MS = 250;
/** A proof that takes longer than a lease proves nothing. */
const GIVE_UP_MS = 2_000;
/** Time for the end of a statement that is given up. */
const CANCEL_MS = 500;
/**
 * A message that nobody reads. It makes the transaction write WAL, since a commit without WAL waits for no standby. A login may
 * have a weaker `synchronous_commit`.
 */
const PROVE = `select pg_catalog.set_config('synchronous_commit', 'on', true),
  pg_catalog.pg_logical_emit_message(true, 'latchkey', ''), ${WHICH_SERVER}`;

const CANCELLING = {
  application_name: NAME,
  connectionTimeoutMillis: GIVE_UP_MS,
  query_timeout: GIVE_UP_MS,
};
/** The process may have ended, and its number may be another's, or one on another server. */
const CANCEL = `select pg_catalog.pg_cancel_backend(pid) from pg_catalog.pg_stat_activity
  where pid = $1 and application_name = '${NAME}' and wait_event = 'SyncRep'`;

export const FENCE_STATES = ['off', 'not needed', 'proven', 'missing'] as const;
export type FenceState = (typeof FENCE_STATES)[number];

/**
 * Proves again and again that the server that is read from still leads. The heartbeat of the invalidation channel cannot: a
 * NOTIFY waits for no standby, so an old primary that lives on beside its promoted standby delivers heartbeats for ever.
 *
 * With `synchronous_standby_names` set, a commit that writes WAL returns only after a standby has acknowledged it, and a promoted
 * standby acknowledges nothing to its former primary. So a commit that was sent at `f` and has returned proves that no standby
 * was promoted before `f`, and `LeadingServer` relies on the proof until `f` + lease. A change on the promoted server is committed
 * at `c > f`, so that nothing older is used after `c` + lease. `f` and the time of use are read from this process's own
 * monotonic clock. A commit also returns when `synchronous_standby_names` is emptied, which declares that the server leads.
 *
 * The commit has a direct connection of its own. In the transaction of a NOTIFY it would wait for the standby while it holds the
 * lock of all notifying commits. The proof names its server, so that it counts for no other. Without a synchronous standby there is
 * nothing to prove, and no statement is sent.
 */
@Injectable()
export class LeadershipFence implements OnApplicationBootstrap, OnApplicationShutdown {
  /** Round trip of the last proof, in milliseconds. */
  lagMs = 0;
  /** Proofs that failed since the start. */
  failures = 0;
  private readonly logger = new Logger(LeadershipFence.name);
  private readonly pool: Pool;
  private readonly isOff: boolean;
  private readonly directUrl: string;
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;
  private wasMissing = false;

  constructor(
    @Inject(DATABASE_OPTIONS) { url, directUrl = url, fence = 'auto' }: DatabaseOptions,
    private readonly servers: LeadingServer,
  ) {
    this.isOff = fence === 'off';
    this.directUrl = directUrl;
    this.pool = new Pool({
      ...poolConfig({ url: directUrl, role: 'portal_verifier', max: 1 }),
      application_name: NAME,
      onConnect: checkOf(async (client) => servers.compare(await serverOf(client))),
    });
    guardPool(this.pool);
    servers.onChange(() => breakConnections(this.pool));
  }

  get state(): FenceState {
    if (!this.timer) return 'off';
    if (!this.servers.isSynchronous) return 'not needed';
    return this.servers.leadsAt(performance.now()) ? 'proven' : 'missing';
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.isOff) return;
    this.servers.proveBy(() => this.prove());
    this.timer = setInterval(() => this.tick(), PERIOD_MS).unref();
    await this.prove();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.pool.end();
  }

  private tick(): void {
    const isMissing = this.state === 'missing';
    if (isMissing && !this.wasMissing)
      this.logger.warn('No standby acknowledges that the database still leads: requests get 503 until one does.');
    if (!isMissing && this.wasMissing) this.logger.log('The database is known to lead again.');
    this.wasMissing = isMissing;
    void this.prove();
  }

  /** One proof at a time. Never rejects. */
  private prove(): Promise<void> {
    if (!this.servers.isSynchronous) return Promise.resolve();
    this.underWay ??= connectionOf(this.pool)
      .then((client) => this.proveOn(client))
      .catch(() => void this.failures++)
      .finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async proveOn(client: PoolClient): Promise<void> {
    const askedAt = performance.now();
    const givingUp = setTimeout(() => void this.cancel(client).catch(() => undefined), GIVE_UP_MS);
    try {
      const ask = () => client.query<{ startedAt: string }>(PROVE);
      const { rows } = await acknowledged(client, ask, GIVE_UP_MS + CANCEL_MS);
      this.servers.proveLead(rows[0]?.startedAt, askedAt);
      this.lagMs = performance.now() - askedAt;
      client.release();
    } catch (error) {
      client.release(error as Error);
      throw error;
    } finally {
      clearTimeout(givingUp);
    }
  }

  /** Ends a commit that is given up. The server would keep a process for each one, until a standby is back. */
  private async cancel(client: PoolClient): Promise<void> {
    // The driver knows the process, but its types do not declare it.
    const { processID } = client as unknown as { processID: number };
    await withClient({ connectionString: this.directUrl, ...CANCELLING }, (other) => other.query(CANCEL, [processID]));
  }
}
