import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { ConnectionPools } from '../connections/connection-pools.js';
import { hasLostConnection } from '../connections/database-errors.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from '../database.options.js';
import { LeadingServer } from '../leading/leading-server.js';
import { guardPool } from '../connections/pool-guard.js';
import { passesOptions } from '../connections/pooler.js';
import { poolConfig, transactionSettings } from '../connections/pool-settings.js';
import { isOutdatedPlan, PreparedStatements } from '../transactions/prepared-statements.js';
import { type Begun, type ReplicaAnswer, replicaBegin, replicaPrefix, withinReplica } from './replica-transaction.js';
import { type Session, Sessions } from '../transactions/session.js';
import { PublishingClient } from '../connections/statement-channel.js';
import { RecentPositions, type WalPosition } from '../positions/wal-position.js';

const ROLE = 'portal_app';
/** As many as the requests of an instance have on the primary. */
const CONNECTIONS = 8;
/** Time between two checks of the replica. */
const CHECK_MS = 500;
/** A read waits this long for a connection to the replica. */
const CONNECT_MS = 1_000;
/** Each start of a server makes another one. */
const MOST_IDENTITIES = 100;

export const REPLICA_STATES = ['off', 'connecting', 'in use', 'behind', 'away', 'another database'] as const;
export type ReplicaState = (typeof REPLICA_STATES)[number];

/** The replica may not answer this read. */
export class NotOnReplica extends Error {
  constructor(readonly state: 'behind' | 'away' | 'another database') {
    super(`The replica is ${state}.`);
  }
}

/** The part of a server's identity that never changes while it runs on one timeline. */
interface Identity {
  system: string;
  /** The timeline that a standby is known to have replayed changes of. */
  timeline: number;
}

/**
 * The control file names the timeline of the last restart point, and of the last pages written. Both may lag behind the timeline that
 * is replayed, and never run ahead of it: after a failover a replica is used from its next restart point on.
 */
const IDENTITY = `select (select system_identifier::text from pg_catalog.pg_control_system()) as system,
  greatest((select timeline_id from pg_catalog.pg_control_checkpoint()),
    (select min_recovery_end_timeline from pg_catalog.pg_control_recovery())) as timeline`;

/**
 * The servers behind `DATABASE_READ_URL`. A background check decides whether they are in use, so that a replica that is away costs no
 * request a wait. Each read proves anew, in the message that begins its transaction, that the server has replayed what it must show.
 */
@Injectable()
export class ReadReplica implements OnApplicationBootstrap, OnApplicationShutdown {
  private stateNow: ReplicaState = 'off';
  private readonly logger = new Logger(ReadReplica.name);
  /** By `Server.startedAt`. */
  private readonly identities = new Map<string, Identity>();
  private opened: { pool: Pool; isPooled: boolean; prefix: string; sessions: Sessions } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isChecking = false;
  private isClosed = false;

  constructor(
    @Inject(DATABASE_OPTIONS) private readonly options: DatabaseOptions,
    private readonly servers: LeadingServer,
    private readonly positions: RecentPositions,
    private readonly pools: ConnectionPools,
  ) {}

  get state(): ReplicaState {
    return this.stateNow;
  }

  onApplicationBootstrap(): void {
    if (this.options.readUrl === undefined) return;
    this.stateNow = 'connecting';
    this.timer = setInterval(() => void this.check(), CHECK_MS).unref();
    void this.check();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.isClosed = true;
    await this.opened?.pool.end();
  }

  /**
   * Reads only, by one statement.
   * @param required the position that the server must have replayed
   * @throws {NotOnReplica} and any error of the driver and of `work`
   */
  async read<Result>(
    required: WalPosition,
    variables: Readonly<Record<string, string>>,
    work: (session: Session) => Promise<Result>,
  ): Promise<ReplicaAnswer<Result>> {
    let hasBegun = false;
    try {
      const { pool, isPooled, prefix, sessions } = (this.opened ??= await this.open());
      return await withinReplica(pool, replicaBegin(prefix, required, variables), {
        prove: async (begun, client) => {
          hasBegun = true;
          await this.prove(begun, client, required);
        },
        work: (client) => work(sessions.on(client, () => undefined)),
        isPooled,
      });
    } catch (error) {
      if (isOutdatedPlan(error)) this.opened?.sessions.statements.renew();
      if (!hasBegun || hasLostConnection(error)) this.become('away');
      throw error;
    }
  }

  /** No read uses the replica until a check has found it well. */
  become(state: ReplicaState): void {
    const isOther = state !== this.stateNow;
    this.stateNow = state;
    if (!isOther) return;
    if (state === 'in use') this.logger.log('Replicas answer reads.');
    else this.logger.warn(`Replicas do not answer reads, and the primary does: ${REASONS[state]}.`);
  }

  /** @throws {NotOnReplica} unless the server shows what it must */
  private async prove({ startedAt, isStandby, isReplayed }: Begun, client: PoolClient, required: WalPosition) {
    const { leader } = this.servers;
    if (leader?.timeline !== required.timeline) throw new NotOnReplica('behind');
    const { system, timeline } = await this.identityOf(startedAt, client, required.timeline);
    if (system !== leader.system) throw new NotOnReplica('another database');
    if (!isStandby && this.servers.isCurrent(startedAt)) return;
    if (!isStandby || timeline !== required.timeline || !isReplayed) throw new NotOnReplica('behind');
  }

  /** Asked once of each server, and again after each promotion. */
  private async identityOf(startedAt: string, client: PoolClient, needed: number): Promise<Identity> {
    const known = this.identities.get(startedAt);
    if (known && known.timeline >= needed) return known;
    const { rows } = await client.query<Identity>(IDENTITY);
    if (!rows[0]) throw new NotOnReplica('away');
    if (this.identities.size > MOST_IDENTITIES) this.identities.clear();
    this.identities.set(startedAt, rows[0]);
    return rows[0];
  }

  private async open() {
    const { readUrl = '', schema, connections = CONNECTIONS } = this.options;
    const isPooled = !(await passesOptions(readUrl));
    if (this.isClosed) throw new NotOnReplica('away');
    const config = poolConfig({
      url: readUrl,
      role: ROLE,
      max: connections,
      schema,
      isPooled,
      client: PublishingClient,
    });
    const pool = new Pool({ ...config, application_name: 'latchkey replica', connectionTimeoutMillis: CONNECT_MS });
    guardPool(pool);
    this.pools.add('replica', pool);
    const prefix = replicaPrefix(transactionSettings(ROLE, isPooled, schema));
    return { pool, isPooled, prefix, sessions: new Sessions(new PreparedStatements(isPooled ? 0 : undefined)) };
  }

  /** Never rejects. */
  private async check(): Promise<void> {
    const timeline = this.servers.leader?.timeline;
    const bound = timeline == null ? undefined : this.positions.boundAt(performance.now(), timeline);
    // Readers that wait for a connection show that the replica is busy, and not away.
    const isBusy = this.stateNow === 'in use' && (this.opened?.pool.waitingCount ?? 0) > 0;
    if (!bound || isBusy || this.isChecking) return;
    this.isChecking = true;
    try {
      await this.read(bound, {}, async () => undefined);
      this.become('in use');
    } catch (error) {
      this.become(error instanceof NotOnReplica ? error.state : 'away');
    } finally {
      this.isChecking = false;
    }
  }
}

const REASONS: Readonly<Record<ReplicaState, string>> = {
  off: 'there are none',
  connecting: 'they were not reached yet',
  'in use': 'they do',
  behind: 'they lack changes of the last 1.5 s, or follow another server than the one that leads',
  away: 'they do not answer',
  'another database': 'DATABASE_READ_URL leads to another database',
};
