import { LRUCache } from 'lru-cache';
import type { Change } from '#database';
import { LONGEST_MS, type Verdict } from './verdict.js';

/** An unknown key may be made at any moment, and nothing tells of it. */
const UNKNOWN_MS = 5_000;
/** A flood of made-up keys may fill this and nothing else: some 3 MB. */
const MOST_UNKNOWN = 10_000;

/** More keys, users and tenants changed within a minute than this: then everything is forgotten. */
const MOST_CHANGED = 10_000;

/** How far changes are known; the change channel in the application. Instants are those of `performance.now()`. */
export interface ProofOfChanges {
  isProven(now: number): boolean;
  ownWritesAreTold(tenantId: string): boolean;
}

/**
 * What is known of keys, by the whole hash, each tenant's by itself. Relied on only while the proof of changes holds
 * and the verdict's own deadline lies ahead; the least recently used goes first.
 */
export class VerdictCache {
  /** Verdicts that made room for others since the start. */
  evicted = 0;
  /** How often everything was forgotten. */
  clears = 0;
  private readonly verdicts: LRUCache<string, Verdict> | undefined;
  /** Hashes that no key has, and when that was asked. */
  private readonly unknown: LRUCache<string, number> | undefined;

  /**
   * Keys, users and tenants that changed within the longest life of a verdict, and when, oldest first: what was asked for
   * before is not relied on. Neither an index of their keys nor a walk through all of them is needed.
   */
  private readonly changed = new Map<string, number>();
  /**
   * What was asked for until then is not relied on. It keeps its place until it is asked for again: to clear the places costs a
   * millisecond for 100,000, and anyone who may NOTIFY can demand it.
   */
  private forgottenUntil = -Infinity;

  /** @param size verdicts held; 0 remembers nothing */
  constructor(
    size: number,
    private readonly proof: ProofOfChanges,
  ) {
    if (size === 0) return;
    this.verdicts = new LRUCache({ max: size });
    this.unknown = new LRUCache({ max: Math.min(size, MOST_UNKNOWN) });
  }

  get size(): number {
    return this.verdicts?.size ?? 0;
  }

  get unknownSize(): number {
    return this.unknown?.size ?? 0;
  }

  /** The verdict that may be relied on at `now`; null: there is no such key; undefined: ask the database. */
  recall(hash: string, now: number): Verdict | null | undefined {
    if (!this.verdicts || !this.proof.isProven(now)) return undefined;
    const verdict = this.verdicts.get(hash);
    if (verdict) return this.isCurrent(verdict, now) ? verdict : undefined;
    const askedAt = this.unknown?.get(hash);
    return askedAt !== undefined && askedAt > this.forgottenUntil && now < askedAt + UNKNOWN_MS ? null : undefined;
  }

  /** Is something remembered of this key, though it may not be relied on any more? Such a key was not made up. */
  knew(hash: string): boolean {
    return this.verdicts?.has(hash) ?? false;
  }

  /**
   * @param verdict null: there is no such key
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
    if (this.verdicts.size === this.verdicts.max && !this.verdicts.has(hash)) this.evicted++;
    this.verdicts.set(hash, verdict);
  }

  /** @param now when it was told */
  forget(change: Change, now: number): void {
    if (change.kind === 'all') return this.forgetAll(now);
    if (change.kind === 'write') return; // `ownWritesAreTold` holds back what it touches until the change itself is told.
    this.noteChanged(change.names, now);
  }

  private isCurrent({ deadline, askedAt, apiKeyId, userId, tenantId }: Verdict, now: number): boolean {
    if (now >= deadline || !this.proof.ownWritesAreTold(tenantId)) return false;
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
