import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { QueryResultRow } from 'pg';
import { ConnectionPools } from './connection-pools.js';
import { asAppError, wasStale } from './database-errors.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { IS_POOLED } from './database.token.js';
import { LeadingPool } from './leading-pool.js';
import { LeadingServer, type Server, SERVER_COLUMNS, serverOf, WHICH_SERVER } from './leading-server.js';
import { poolConfig, sessionSettings } from './pool-settings.js';
import { isOutdatedPlan } from './prepared-statements.js';
import { publishStatement } from './statement-channel.js';
import { beginReading, withinTransaction } from './transaction.js';

/** Four connections keep a database core busy; more would only queue. */
const CONNECTIONS = 4;
const ROLE = 'portal_verifier';
const BEGIN = beginReading(sessionSettings(ROLE), WHICH_SERVER);
const NOTIFY = `select pg_catalog.pg_notify($1, $2), ${SERVER_COLUMNS}`;

/**
 * Statements of `portal_verifier`: reads of the data that a verdict on a credential needs, across tenants. The pool is separate,
 * so that busy resolvers cannot starve authentication. Every row comes from the leading server, or the statement fails.
 */
@Injectable()
export class VerifierDatabase implements OnApplicationShutdown {
  private readonly lookups: LeadingPool;
  /** A separate pool, since lookups that wait for each other must not delay the heartbeats that prove them. */
  private readonly notifier: LeadingPool;
  /** How often prepared statements were found to be outdated: each time they get new names. */
  private generation = 0;

  constructor(
    @Inject(DATABASE_OPTIONS) { url }: DatabaseOptions,
    @Inject(IS_POOLED) private readonly isPooled: boolean,
    pools: ConnectionPools,
    private readonly servers: LeadingServer,
  ) {
    // One for both, so that a server that cannot be reached is knocked at by one of them.
    const config = poolConfig({ url, role: ROLE, max: CONNECTIONS, isPooled });
    const settings = { config, role: ROLE, isPooled } as const;
    this.lookups = new LeadingPool(settings, servers);
    this.notifier = new LeadingPool({ ...settings, config: { ...config, max: 1 } }, servers);
    pools.add('verification', this.lookups.pool);
  }

  /**
   * One read, as a named prepared statement and outside a transaction: each round trip counts here. Through a transaction pooler,
   * which keeps neither names nor the role, a read takes three round trips.
   * @throws {ServiceUnavailable} when the database is unavailable or too slow
   */
  select<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    return publishStatement({ name, text }, () => this.selected<Row>(name, text, values));
  }

  private async selected<Row extends QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const select = () =>
      this.isPooled ? this.selectThroughPooler<Row>(text, values) : this.selectByName<Row>(name, text, values);
    const begunAt = performance.now();
    try {
      return await select().catch((error: unknown) => {
        // A migration has changed the columns of a statement that is prepared, or an idle connection had been closed. It only
        // reads: once more, anew.
        if (isOutdatedPlan(error)) this.generation++;
        else if (!wasStale(error, begunAt)) throw error;
        return select();
      });
    } catch (error) {
      throw asAppError(error);
    }
  }

  /**
   * Sends a NOTIFY by the path that `select` reads by. A connection that receives it listens at the server that is read from.
   * @param withinMs time limit for an answer; after it the connection is given up
   * @throws {ServiceUnavailable}
   */
  async notify(channel: string, payload: string, withinMs: number): Promise<void> {
    try {
      await this.notifier.run(async (client) => {
        const notify = { text: NOTIFY, values: [channel, payload], query_timeout: withinMs };
        const { rows } = await client.query<Server>(notify);
        if (this.isPooled && rows[0]) this.servers.follow(rows[0]);
      });
    } catch (error) {
      throw asAppError(error);
    }
  }

  /** Not earlier: requests are still authenticated until HTTP has closed. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.lookups.end(), this.notifier.end()]);
  }

  private selectByName<Row extends QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const current = this.generation === 0 ? name : `${name}.${this.generation}`;
    return this.lookups.run(async (client) => {
      const { rows } = await client.query<Row>({ name: current, text, values: [...values] });
      return rows;
    });
  }

  private async selectThroughPooler<Row extends QueryResultRow>(
    text: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    return withinTransaction(this.lookups.pool, BEGIN, async (client, begun) => {
      const { startedAt } = begun as Pick<Server, 'startedAt'>;
      if (!this.servers.isCurrent(startedAt)) this.servers.follow(await serverOf(client));
      const { rows } = await client.query<Row>(text, [...values]);
      return rows;
    });
  }
}
