import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Pool, type QueryResultRow } from 'pg';
import { LIMITS } from '#kernel';
import { asAppError } from './database-errors.js';
import { DATABASE_OPTIONS, type DatabaseOptions } from './database.options.js';
import { poolConfig } from './pool-settings.js';

/** Four connections keep a database core busy; more only queue. */
const CONNECTIONS = 4;

/**
 * Statements of `portal_verifier`: what a verdict on a credential needs, across tenants. A pool of its own, so that
 * busy resolvers cannot starve authentication.
 */
@Injectable()
export class VerifierDatabase implements OnModuleDestroy {
  private readonly pool: Pool;

  constructor(@Inject(DATABASE_OPTIONS) options: DatabaseOptions) {
    this.pool = new Pool({
      ...poolConfig({ url: options.url, role: 'portal_verifier', max: CONNECTIONS }),
      // The server's own limit does not end a wait for an answer that is lost on its way.
      query_timeout: LIMITS.statementTimeoutMs + LIMITS.connectionTimeoutMs,
    });
    // Without a listener the death of an idle backend ends the process; the pool has dropped the connection by then.
    this.pool.on('error', () => undefined);
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

  async onModuleDestroy(): Promise<void> {
    await this.pool.end();
  }
}
