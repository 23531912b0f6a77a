import { setTimeout as wait } from 'node:timers/promises';
import type { TestPortal } from './test-portal.js';

/** The outcome of one request with the watched key. */
export interface Seen {
  /** Instant of `performance.now()` at which it began. */
  begunAt: number;
  endedAt: number;
  status: number;
  reason: string | undefined;
}

const WHO = `{ viewer { kind } }`;
const PAUSE_MS = 5;

/** Asks with one key, one request after another, until stopped. */
export class Watch {
  private isStopped = false;
  private readonly seen: Seen[] = [];
  private readonly done: Promise<void>;

  constructor(
    private readonly api: TestPortal,
    private readonly key: string,
  ) {
    this.done = this.run();
  }

  /** The outcome of the last request that has ended. */
  get last(): Seen | undefined {
    return this.seen.at(-1);
  }

  async stop(): Promise<readonly Seen[]> {
    this.isStopped = true;
    await this.done;
    return this.seen;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      const begunAt = performance.now();
      const answer = await this.api.query(WHO, { key: this.key });
      this.seen.push({ begunAt, endedAt: performance.now(), status: answer.status, reason: answer.reason });
      await wait(PAUSE_MS);
    }
  }
}

/** Milliseconds from `committedAt` to the begin of the last request that was let in; 0 when there was none after it. */
export function lastAcceptedAfter(seen: readonly Seen[], committedAt: number): number {
  const accepted = seen.filter(({ status }) => status === 200).map(({ begunAt }) => begunAt - committedAt);
  return Math.max(0, ...accepted);
}
