import { KeyUse, type KeyUseRow } from './key-use.js';

/**
 * Uses of keys, merged by key and not yet written. Holds at most `maxKeys` keys: one more key drops the keys that have waited
 * longest. This class uses no clock and no database.
 */
export class UseBatch {
  private readonly keys = new Map<string, KeyUse>();

  /** @param onDrop called with the number of uncounted requests that were dropped with a key */
  constructor(
    private readonly maxKeys: number,
    private readonly onDrop: (requests: number) => void,
  ) {}

  /** Number of waiting keys. */
  get size(): number {
    return this.keys.size;
  }

  /** Number of waiting requests. */
  get requests(): number {
    return [...this.keys.values()].reduce((sum, use) => sum + use.requests, 0);
  }

  /** Adds an accepted request that needed `scopes`. */
  allow(id: string, at: number, ip: string | undefined, scopes: readonly string[], secretNumber: number): void {
    this.useOf(id).allow(at, ip, scopes, secretNumber);
  }

  /** Adds a request that was refused although its key is good. */
  deny(id: string, at: number): void {
    this.useOf(id).deny(at);
  }

  /** Adds a request whose key had been revoked. */
  attemptAfterRevocation(id: string): void {
    this.useOf(id).attemptsAfterRevocation++;
  }

  /** Adds the uses of `other`, which may be older or newer. */
  absorb(other: UseBatch): void {
    for (const [id, use] of other.keys) this.useOf(id).absorb(use);
  }

  /** Removes and returns the `count` keys that have waited longest. */
  take(count: number): UseBatch {
    const taken = new UseBatch(this.maxKeys, this.onDrop);
    for (const [id, use] of this.keys) {
      if (taken.size >= count) break;
      taken.keys.set(id, use);
      this.keys.delete(id);
    }
    return taken;
  }

  /** Removes and returns the keys of `ids`. */
  takeKeys(ids: Iterable<string>): UseBatch {
    const taken = new UseBatch(this.maxKeys, this.onDrop);
    for (const id of ids) {
      const use = this.keys.get(id);
      if (use) taken.keys.set(id, use);
      this.keys.delete(id);
    }
    return taken;
  }

  /** The data to write, as of `now`. */
  rows(now: number): KeyUseRow[] {
    return [...this.keys].map(([id, use]) => use.row(id, now));
  }

  private useOf(id: string): KeyUse {
    const known = this.keys.get(id);
    if (known) return known;
    if (this.keys.size >= this.maxKeys) this.dropOldest();
    const use = new KeyUse();
    this.keys.set(id, use);
    return use;
  }

  /** A sixteenth at once: a `Map` whose first entry is deleted again and again becomes slow at finding the next one. */
  private dropOldest(): void {
    this.onDrop(this.take(Math.ceil(this.maxKeys / 16)).requests);
  }
}
