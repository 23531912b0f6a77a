import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool, type QueryResultRow } from 'pg';
import { ConnectionPools } from './connection-pools.js';
import { asAppError } from './database-errors.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { guardPool } from './pool-guard.js';
import { poolConfig } from './pool-settings.js';

/** Four connections keep a database core busy; more only queue. */
const CONNECTIONS = 4;

/**
 * Statements of `portal_verifier`: what a verdict on a credential needs, across tenants. A pool of its own, so that
 * busy resolvers cannot starve authentication.
 */
@Injectable()
export class VerifierDatabase implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(@Inject(DATABASE_OPTIONS) options: DatabaseOptions, pools: ConnectionPools) {
    this.pool = new Pool(poolConfig({ url: options.url, role: 'portal_verifier', max: CONNECTIONS }));
    guardPool(this.pool);
    pools.add('verification', this.pool);
  }

  /**
   * One read, as a named prepared statement.
   * @throws {ServiceUnavailable} when the database is away or too slow
   */
  async select<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    try {
      const { rows } = await this.pool.query<Row>({ name, text, values: [...values] });
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
