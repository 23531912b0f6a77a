import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';

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

/** The pools of this process, for whoever measures or traces them. Knows, and changes nothing. */
@Injectable()
export class ConnectionPools {
  private readonly pools = new Map<string, Pool>();
  private readonly listeners: ((client: PoolClient, pool: string) => void)[] = [];

  add(name: string, pool: Pool): void {
    this.pools.set(name, pool);
    pool.on('connect', (client) => {
      for (const listener of this.listeners) listener(client, name);
    });
  }

  /** Hears of every connection that is opened from now on, before its first statement. `listener` must not throw. */
  onConnect(listener: (client: PoolClient, pool: string) => void): void {
    this.listeners.push(listener);
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
