import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type ClientBase, Pool, type QueryResultRow } from 'pg';
import { LIMITS, ServiceUnavailable } from '#kernel';
import { ConnectionPools } from './connection-pools.js';
import { asAppError } from './database-errors.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { IS_POOLED } from './database.token.js';
import { guardPool } from './pool-guard.js';
import { poolConfig, sessionSettings } from './pool-settings.js';
import { beginReading, readingTransaction } from './reading-transaction.js';

/** Four connections keep a database core busy; more only queue. */
const CONNECTIONS = 4;
const ROLE = 'portal_verifier';
const BEGIN = beginReading(sessionSettings(ROLE));
const WHO = { text: 'select current_user as role', query_timeout: LIMITS.connectionTimeoutMs };

/**
 * Statements of `portal_verifier`: what a verdict on a credential needs, across tenants. A pool of its own, so that
 * busy resolvers cannot starve authentication.
 */
@Injectable()
export class VerifierDatabase implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(
    @Inject(DATABASE_OPTIONS) { url }: DatabaseOptions,
    @Inject(IS_POOLED) private readonly isPooled: boolean,
    pools: ConnectionPools,
  ) {
    this.pool = new Pool({
      ...poolConfig({ url, role: ROLE, max: CONNECTIONS, isPooled }),
      ...(isPooled ? {} : { onConnect: requireRole }),
    });
    guardPool(this.pool);
    pools.add('verification', this.pool);
  }

  /**
   * One read, as a named prepared statement and in no transaction: each round trip counts here. Through a transaction
   * pooler, which keeps neither names nor the role, it takes three.
   * @throws {ServiceUnavailable} when the database is away or too slow
   */
  async select<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    try {
      const { rows } = this.isPooled
        ? await readingTransaction(this.pool, BEGIN, (client) => client.query<Row>(text, [...values]))
        : await this.pool.query<Row>({ name, text, values: [...values] });
      return rows;
    } catch (error) {
      throw asAppError(error);
    }
  }

  /** Not earlier: until HTTP has closed, requests are still authenticated. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

/** Once for each connection. One without the role would see no row, and every good key would be refused as unknown. */
async function requireRole(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ role: string }>(WHO);
  if (rows[0]?.role !== ROLE)
    throw new ServiceUnavailable({ cause: new Error(`A connection has not begun as ${ROLE}.`) });
}
