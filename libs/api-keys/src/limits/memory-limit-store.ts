import type { LRUCache } from 'lru-cache';
import { lruCache } from '#kernel';
import type { LimitStore, Tally } from './limit-store.js';

/**
 * Maximum number of windows of one kind, and of members of windows: at worst about 20 MB each. Beyond it the least recently
 * counted window starts again.
 */
const MOST = 100_000;

interface Window {
  /** Keeps the members of this window apart from members of the same key's earlier windows. */
  readonly number: number;
  /** An instant of `performance.now()`. The system's clock can be set, and a window of a minute could then last for hours. */
  readonly endsAt: number;
  count: number;
}

/** Counts of this process only. Each kind of limit (the first word of its keys) has space of its own. */
export class MemoryLimitStore implements LimitStore {
  private readonly windows = new Map<string, LRUCache<string, Window>>();
  private readonly members: LRUCache<string, true>;
  private begun = 0;

  /** @param most maximum number of windows of each kind, and of members of all windows */
  constructor(private readonly most = MOST) {
    this.members = lruCache(most);
  }

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

  async peek(key: string): Promise<Tally | undefined> {
    const window = this.windowsOf(kindOf(key)).peek(key);
    return window && performance.now() < window.endsAt ? tallyOf(window) : undefined;
  }

  async open(): Promise<void> {}

  async close(): Promise<void> {}

  private windowOf(key: string, windowSeconds: number): Window {
    const now = performance.now();
    const windows = this.windowsOf(kindOf(key));
    const underWay = windows.get(key);
    if (underWay && now < underWay.endsAt) return underWay;
    const window = { number: ++this.begun, endsAt: now + windowSeconds * 1000, count: 0 };
    windows.set(key, window);
    return window;
  }

  private windowsOf(kind: string): LRUCache<string, Window> {
    const known = this.windows.get(kind);
    if (known) return known;
    const windows = lruCache<Window>(this.most);
    this.windows.set(kind, windows);
    return windows;
  }
}

const kindOf = (key: string): string => key.slice(0, key.indexOf(':'));

function tallyOf({ count, endsAt }: Window): Tally {
  return { count, resetMs: Math.max(endsAt - performance.now(), 0) };
}
