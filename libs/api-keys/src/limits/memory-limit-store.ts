import { LRUCache } from 'lru-cache';
import type { LimitStore, Tally } from './limit-store.js';

/** Windows held, and members of windows: some 20 MB each at worst. Beyond it the least recently counted begins anew. */
const MOST = 100_000;

interface Window {
  /** Tells the members of this window from those of the same key's earlier windows. */
  readonly number: number;
  /** Instant of `performance.now()`: the system's clock may be set, and a window of a minute would last for hours. */
  readonly endsAt: number;
  count: number;
}

/** Counts of this process alone. */
export class MemoryLimitStore implements LimitStore {
  private readonly windows = new LRUCache<string, Window>({ max: MOST });
  private readonly members = new LRUCache<string, true>({ max: MOST });
  private begun = 0;

  async count(key: string, windowSeconds: number): Promise<Tally> {
    const window = this.windowOf(key, windowSeconds);
    window.count++;
    return tallyOf(window);
  }

  async countDistinct(key: string, windowSeconds: number, member: string, most: number): Promise<Tally> {
    const window = this.windowOf(key, windowSeconds);
    const name = `${window.number}:${member}`;
    if (window.count < most && !this.members.get(name)) {
      this.members.set(name, true);
      window.count++;
    }
    return tallyOf(window);
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}

  private windowOf(key: string, windowSeconds: number): Window {
    const now = performance.now();
    const underWay = this.windows.get(key);
    if (underWay && now < underWay.endsAt) return underWay;
    const window = { number: ++this.begun, endsAt: now + windowSeconds * 1000, count: 0 };
    this.windows.set(key, window);
    return window;
  }
}

function tallyOf({ count, endsAt }: Window): Tally {
  return { count, resetMs: Math.max(endsAt - performance.now(), 0) };
}
