import { connect } from 'node:net';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { acknowledged } from './acknowledged.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { LeadingServer, serverOf, WHICH_SERVER } from './leading-server.js';
import { breakConnections, checkOf, connectionOf, guardPool } from './pool-guard.js';
import { poolConfig } from './pool-settings.js';

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
 * monotonic clock.
 *
 * The commit has a direct connection of its own: the proof names its server, so that it counts for no other. In the transaction of a NOTIFY it would wait for the standby while it holds the lock of
 * all notifying commits. Without a synchronous standby there is nothing to prove, and no statement is sent.
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
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;
  private wasMissing = false;

  constructor(
    @Inject(DATABASE_OPTIONS) { url, directUrl = url, fence = 'auto' }: DatabaseOptions,
    private readonly servers: LeadingServer,
  ) {
    this.isOff = fence === 'off';
    this.pool = new Pool({
      ...poolConfig({ url: directUrl, role: 'portal_verifier', max: 1 }),
      application_name: 'latchkey fence',
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
    const givingUp = setTimeout(() => cancel(client), GIVE_UP_MS);
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
}

/** What a driver's client has, beside what its types show. */
interface Cancellable {
  host: string;
  port: number;
  processID: number;
  secretKey: number;
}

/**
 * Has the server end the statement of a connection. The server would keep a process for each statement that is given up, until a
 * standby is back.
 */
function cancel(client: PoolClient): void {
  const { host, port, processID, secretKey } = client as unknown as Cancellable;
  const request = Buffer.alloc(16);
  [request.length, CANCEL_REQUEST, processID, secretKey].forEach((word, index) =>
    request.writeInt32BE(word, index * 4),
  );
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  socket.on('error', () => undefined);
  socket.setTimeout(GIVE_UP_MS, () => socket.destroy());
  socket.end(request);
}

/** The first word of the message, by PostgreSQL's protocol. */
const CANCEL_REQUEST = 80_877_102;
