import { type ClientBase, Pool, type PoolClient, type PoolConfig } from 'pg';
import { LIMITS, ServiceUnavailable } from '#kernel';
import { type LeadingServer, serverOf } from './leading-server.js';
import { breakConnections, checkOf, connectionOf, guardPool } from '../connections/pool-guard.js';
import type { Role } from '../connections/roles.js';

const WHO = { text: 'select current_user as role', query_timeout: LIMITS.connectionTimeoutMs };

export interface LeadingPoolSettings {
  config: PoolConfig;
  /** Connections that have not begun as this role are refused. Undefined: the role is not checked. */
  role: Role | undefined;
  /** True through a transaction pooler, where a connection has no fixed role and server: each transaction checks both. */
  isPooled: boolean;
}

/** Connections to the leading server: another one is refused as a connection opens, and those to a replaced one are broken at once. */
export class LeadingPool {
  readonly pool: Pool;

  constructor(
    private readonly settings: LeadingPoolSettings,
    private readonly servers: LeadingServer,
  ) {
    const { config, isPooled } = settings;
    this.pool = new Pool({
      ...config,
      ...(isPooled ? {} : { onConnect: checkOf((client) => this.checkConnection(client)) }),
    });
    guardPool(this.pool);
    if (!isPooled) servers.onChange(() => breakConnections(this.pool));
  }

  /** @throws any error of the driver and of `work`; the connection is not used again after an error */
  async run<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const client = await connectionOf(this.pool);
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  }

  end(): Promise<void> {
    return this.pool.end();
  }

  /**
   * Checks each connection once. A connection without the role would see no row, and every good key would be refused as unknown.
   */
  private async checkConnection(client: ClientBase): Promise<void> {
    const { role } = this.settings;
    if (role) {
      const { rows } = await client.query<{ role: string }>(WHO);
      if (rows[0]?.role !== role)
        throw new ServiceUnavailable({ cause: new Error(`A connection did not start as ${role}.`) });
    }
    this.servers.follow(await serverOf(client));
  }
}
