import { Injectable } from '@nestjs/common';
import type { Pool } from 'pg';

export interface PoolState {
  /** What its connections work for: `requests` or `verification`. */
  name: string;
  /** Connections at most. */
  size: number;
  idle: number;
  busy: number;
  /** Callers that wait for a connection. */
  waiting: number;
}

/** The pools of this process, for whoever measures them. */
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
