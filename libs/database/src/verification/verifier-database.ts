import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { PoolClient, QueryResultRow } from 'pg';
import { ServiceUnavailable } from '#kernel';
import { ConnectionAttempts } from '../connections/connection-attempts.js';
import { ConnectionPools } from '../connections/connection-pools.js';
import { asAppError, isMissingRight, isMissingTable } from '../connections/database-errors.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from '../database.options.js';
import { IS_POOLED } from '../database.token.js';
import { LeadingPool } from '../leading/leading-pool.js';
import { heartbeatSql, type HeartbeatSigner, placeOf } from '../leading/heartbeat.js';
import { LeadingServer, type Server, SERVER_COLUMNS, serverOf, WHICH_SERVER } from '../leading/leading-server.js';
import { poolConfig, sessionSettings } from '../connections/pool-settings.js';
import { tryReading } from '../transactions/reading-tries.js';
import { RowSecurityCheck } from './row-security-check.js';
import { publishStatement } from '../connections/statement-channel.js';
import { beginReading, withinTransaction } from '../transactions/transaction.js';
import { LSN_COLUMN, RecentPositions } from '../positions/wal-position.js';

/** Four connections keep a database core busy; more would only queue. */
const CONNECTIONS = 4;
const ROLE = 'portal_verifier';
/** With a sender, sends a heartbeat with the position that it returns: one reading of the end of the log serves both. */
const ASK = `with reading as materialized (select ${LSN_COLUMN})
  select lsn, pg_catalog.current_database() as database, ${SERVER_COLUMNS},
    case when $1::text <> '' then ${heartbeatSql({ sender: '$1::text', secret: '$2::text', position: 'lsn' })} end
  from reading`;

/** What the path of the lookups leads to. */
export interface Reached {
  /** The database and the running server (`placeOf`). */
  place: string;
  /** The end of the log of changes. Whatever was committed before the question lies before it. */
  position: bigint;
}

interface AskedRow extends Server {
  lsn: string;
  database: string;
}

interface Read {
  name: string;
  text: string;
  values: readonly unknown[];
  /** Number of rows that are looked for. */
  wanted: number;
}

/**
 * Statements of `portal_verifier`: reads of the data that a verdict on a credential needs, across tenants. The pool is separate,
 * so that busy resolvers cannot starve authentication. Every row comes from the leading server, or the statement fails. It also
 * fails while a policy or a grant is missing that the entities declare.
 */
@Injectable()
export class VerifierDatabase implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly rowSecurity: RowSecurityCheck;
  private readonly begin: string;
  private readonly lookups: LeadingPool;
  /** A separate pool, since lookups that wait for each other must not delay the questions that prove them. */
  private readonly asker: LeadingPool;
  /** How often prepared statements were found to be outdated: each time they get new names. */
  private generation = 0;

  constructor(
    @Inject(DATABASE_OPTIONS) { url, entities, schema }: DatabaseOptions,
    @Inject(IS_POOLED) private readonly isPooled: boolean,
    pools: ConnectionPools,
    private readonly servers: LeadingServer,
    attempts: ConnectionAttempts,
    private readonly positions: RecentPositions,
  ) {
    this.rowSecurity = new RowSecurityCheck({ entities, schema }, !isPooled);
    this.begin = beginReading(sessionSettings(ROLE, schema), WHICH_SERVER);
    const config = poolConfig({ url, role: ROLE, max: CONNECTIONS, schema, isPooled, attempts });
    const settings = { config, role: ROLE, isPooled } as const;
    this.lookups = new LeadingPool(settings, servers);
    this.asker = new LeadingPool({ ...settings, config: { ...config, max: 1 } }, servers);
    pools.add('verification', this.lookups.pool);
  }

  /** Later checks run beside the heartbeats of the invalidation channel, where something subscribes to it. */
  async onApplicationBootstrap(): Promise<void> {
    await this.checkRowSecurity();
  }

  /**
   * One read, as a named prepared statement and outside a transaction: each round trip counts here. Through a transaction pooler,
   * which keeps neither names nor the role, a read takes three round trips.
   *
   * A read that finds less than it looks for proves on its own connection, afterwards, that all rows could be seen.
   * @param wanted number of rows that are looked for
   * @throws {ServiceUnavailable} when the database is unavailable or too slow, or does not show all rows
   */
  async select<Row extends QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
    wanted = 1,
  ): Promise<Row[]> {
    // Not on a connection, which a refusal would close.
    await this.servers.requireLead();
    const read = { name, text, values, wanted };
    const rows = await publishStatement({ name, text }, () => this.selected<Row>(read));
    this.rowSecurity.require();
    return rows;
  }

  private async selected<Row extends QueryResultRow>(read: Read): Promise<Row[]> {
    const select = () => (this.isPooled ? this.selectThroughPooler<Row>(read) : this.selectByName<Row>(read));
    try {
      return await tryReading(select, () => this.generation++);
    } catch (error) {
      if (!isMissingRight(error) && !isMissingTable(error)) throw asAppError(error);
      await this.checkRowSecurity();
      throw new ServiceUnavailable({ cause: error });
    }
  }

  /**
   * Asks by the path that `select` reads by where this path leads to.
   * @param signer sends a heartbeat in the same statement; undefined: only asks
   * @param withinMs time limit for an answer; after it the connection is given up
   * @throws {ServiceUnavailable}
   */
  async ask(signer: HeartbeatSigner | undefined, withinMs: number): Promise<Reached> {
    const values = [signer?.sender ?? '', signer?.secret ?? ''];
    const statement = {
      ...(!this.isPooled && { name: 'path-of-lookups' }),
      text: ASK,
      values,
      query_timeout: withinMs,
    };
    try {
      const reached = await this.asker.run(async (client) => {
        const askedAt = performance.now();
        const { rows } = await client.query<AskedRow>(statement);
        if (!rows[0]) throw new ServiceUnavailable({ cause: new Error('The server did not answer.') });
        const { database, lsn, ...server } = rows[0];
        const position = BigInt(lsn);
        this.heed(server, position, askedAt);
        return { place: placeOf(server.startedAt, database), position };
      });
      if (this.rowSecurity.isDue) void this.checkRowSecurity(true);
      return reached;
    } catch (error) {
      throw asAppError(error);
    }
  }

  /** Not earlier: requests are still authenticated until HTTP has closed. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.lookups.end(), this.asker.end()]);
  }

  private selectByName<Row extends QueryResultRow>({ name, text, values, wanted }: Read): Promise<Row[]> {
    const current = this.generation === 0 ? name : `${name}.${this.generation}`;
    return this.lookups.run(async (client) => {
      await this.servers.requireLead();
      const { rows } = await client.query<Row>({ name: current, text, values: [...values] });
      await this.prove(rows.length, wanted, client);
      return rows;
    });
  }

  private async selectThroughPooler<Row extends QueryResultRow>({ text, values, wanted }: Read): Promise<Row[]> {
    return withinTransaction(this.lookups.pool, this.begin, async (client, begun) => {
      const { startedAt } = begun as Pick<Server, 'startedAt'>;
      if (!this.servers.isCurrent(startedAt)) this.servers.follow(await serverOf(client));
      await this.servers.requireLead();
      const { rows } = await client.query<Row>(text, [...values]);
      await this.prove(rows.length, wanted, client);
      return rows;
    });
  }

  private heed(server: Server, lsn: bigint, askedAt: number): void {
    if (this.isPooled || this.servers.isCurrent(server.startedAt)) this.servers.follow(server);
    // Where no commit waits for a standby, nothing can be proven and the lead is assumed. The assumption outlives a change of the
    // setting by a lease at most, so that the change is no outage.
    if (!server.isSynchronous) this.servers.proveLead(server.startedAt, askedAt);
    if (server.timeline !== null && this.servers.isCurrent(server.startedAt))
      this.positions.note({ timeline: server.timeline, lsn }, askedAt);
  }

  private async prove(found: number, wanted: number, client: PoolClient): Promise<void> {
    if (found < wanted || !this.rowSecurity.isWhole) await this.rowSecurity.confirm(client);
  }

  /** Never rejects: whatever keeps this check from running also keeps every read from running. */
  private async checkRowSecurity(isRepeated = false): Promise<void> {
    const check = (client: PoolClient) =>
      isRepeated ? this.rowSecurity.runAgain(client) : this.rowSecurity.run(client);
    await this.asker.run(check).catch(() => undefined);
  }
}
