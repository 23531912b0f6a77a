import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';

export interface PoolState {
  /** The purpose of the connections: `requests` or `verification`. */
  name: string;
  /** Maximum number of connections. */
  size: number;
  idle: number;
  busy: number;
  /** Callers that wait for a connection. */
  waiting: number;
}

/** The pools of this process, for metrics. */
@Injectable()
export class ConnectionPools {
  private readonly pools = new Map<string, Pool>();

  add(name: string, pool: Pool): void {
    this.pools.set(name, pool);
  }

  get states(): PoolState[] {
    return [...this.pools].map(([name, { options, totalCount, idleCount, waitingCount }]) => ({
      name,
      size: options.max,
      idle: idleCount,
      busy: totalCount - idleCount,
      waiting: waitingCount,
    }));
  }
}
