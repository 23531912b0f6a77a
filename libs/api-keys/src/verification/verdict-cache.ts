import type { LRUCache } from 'lru-cache';
import type { Invalidation } from '#database';
import { lruCache } from '#kernel';
import { LONGEST_MS, type Verdict } from './verdict.js';

/** Short, since an unknown key may be created at any moment, and no notification reports a new key. */
const UNKNOWN_MS = 5_000;
/** A flood of made-up keys can fill this part only: about 3 MB. */
const MOST_UNKNOWN = 10_000;

/** Maximum number of keys, users and tenants that changed within a minute. Beyond it everything is forgotten. */
const MOST_CHANGED = 10_000;

/** The part of the InvalidationChannel that remembered verdicts and shared lookups need. Instants are values of `performance.now()`. */
export interface InvalidationProof {
  isProven(now: number): boolean;
  /** False while lookups are refused. */
  isLed(now: number): boolean;
  ownWritesAreReported(tenantId: string): boolean;
}

/**
 * Remembered verdicts by the whole hash of a key; each tenant's writes affect only its own verdicts. A verdict is used only while
 * the invalidation channel proves that changes are known, and before its own deadline. The least recently used verdict is evicted
 * first.
 */
export class VerdictCache {
  /** Number of verdicts evicted since the start. */
  evicted = 0;
  /** Number of times that everything was forgotten. */
  clears = 0;
  private readonly verdicts: LRUCache<string, Verdict> | undefined;
  /** Hashes that no key has, with the time of asking. */
  private readonly unknown: LRUCache<string, number> | undefined;

  /**
   * Keys, users and tenants that changed within the longest life of a verdict, with the time of the change, oldest first. A
   * verdict asked for before the change is not used. So the cache needs neither an index of keys by user and tenant, nor a walk
   * through all keys.
   */
  private readonly changed = new Map<string, number>();
  /**
   * Verdicts asked for before this instant are not used. They keep their places until they are asked for again: clearing the
   * places costs a millisecond for 100,000, and any login that may NOTIFY can cause it.
   */
  private forgottenUntil = -Infinity;

  /** @param size maximum number of verdicts; 0 remembers nothing */
  constructor(
    size: number,
    private readonly proof: InvalidationProof,
  ) {
    if (size === 0) return;
    this.verdicts = lruCache(size);
    this.unknown = lruCache(Math.min(size, MOST_UNKNOWN));
  }

  get size(): number {
    return this.verdicts?.size ?? 0;
  }

  get unknownSize(): number {
    return this.unknown?.size ?? 0;
  }

  /** The verdict that may be used at `now`; null: no such key exists; undefined: ask the database. */
  recall(hash: string, now: number): Verdict | null | undefined {
    if (!this.verdicts || !this.proof.isProven(now)) return undefined;
    const verdict = this.verdicts.get(hash);
    if (verdict) return this.isCurrent(verdict, now) ? verdict : undefined;
    const askedAt = this.unknown?.get(hash);
    return askedAt !== undefined && askedAt > this.forgottenUntil && now < askedAt + UNKNOWN_MS ? null : undefined;
  }

  /** True if the cache still holds a verdict on this key, even one that may no longer be used. Such a key was not made up. */
  knew(hash: string): boolean {
    return this.verdicts?.has(hash) ?? false;
  }

  /**
   * @param verdict null: no such key exists
   * @param askedAt instant before the database was asked
   */
  remember(hash: string, verdict: Verdict | null, askedAt: number): void {
    if (verdict === null) {
      this.verdicts?.delete(hash);
      this.unknown?.set(hash, askedAt);
      return;
    }
    this.unknown?.delete(hash);
    if (!this.verdicts) return;
    if (this.verdicts.size === this.verdicts.maxSize && !this.verdicts.has(hash)) this.evicted++;
    this.verdicts.set(hash, verdict);
  }

  /** @param now when the change was reported */
  forget(invalidation: Invalidation, now: number): void {
    if (invalidation.kind === 'all') return this.forgetAll(now);
    if (invalidation.kind === 'write') return; // Until the change is reported, `ownWritesAreReported` blocks the affected verdicts.
    this.noteChanged(invalidation.names, now);
  }

  private isCurrent({ deadline, askedAt, apiKeyId, userId, tenantId }: Verdict, now: number): boolean {
    if (now >= deadline || !this.proof.ownWritesAreReported(tenantId)) return false;
    if (askedAt <= this.forgottenUntil) return false;
    if (this.changed.size === 0) return true;
    const isAfter = (id: string) => askedAt > (this.changed.get(id) ?? -Infinity);
    return isAfter(apiKeyId) && isAfter(userId) && isAfter(tenantId);
  }

  private forgetAll(now: number): void {
    this.clears++;
    this.forgottenUntil = now;
    this.changed.clear();
  }

  private noteChanged(ids: ReadonlySet<string>, now: number): void {
    if (!this.verdicts) return;
    for (const [id, changedAt] of this.changed) {
      if (changedAt >= now - LONGEST_MS) break;
      this.changed.delete(id);
    }
    for (const id of ids) {
      this.changed.delete(id);
      this.changed.set(id, now);
    }
    if (this.changed.size > MOST_CHANGED) this.forgetAll(now);
  }
}
