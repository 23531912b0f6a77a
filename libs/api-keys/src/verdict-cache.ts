import { LRUCache } from 'lru-cache';
import type { Change } from '#database';
import type { Verdict } from './verdict.js';

/** An unknown key may be made at any moment, and nothing tells of it. */
const UNKNOWN_MS = 5_000;
/** A flood of made-up keys may fill this and nothing else: some 3 MB. */
const MOST_UNKNOWN = 10_000;

/** How far changes are known; the change channel in the application. Instants are those of `performance.now()`. */
export interface ProofOfChanges {
  isProven(now: number): boolean;
  hasOwnWrites(tenantId: string): boolean;
}

/**
 * What is known of keys, by the whole hash, each tenant's by itself. Relied on only while the proof of changes holds
 * and the verdict's own deadline lies ahead; the least recently used goes first.
 */
export class VerdictCache {
  private readonly verdicts: LRUCache<string, Verdict> | undefined;
  /** Hashes that no key has, and until when that may be believed. */
  private readonly unknown: LRUCache<string, number> | undefined;

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
    if (verdict) return now < verdict.deadline && this.proof.hasOwnWrites(verdict.tenantId) ? verdict : undefined;
    const until = this.unknown?.get(hash);
    return until !== undefined && now < until ? null : undefined;
  }

  /**
   * @param verdict null: there is no such key
   * @param askedAt instant before the database was asked
   */
  remember(hash: string, verdict: Verdict | null, askedAt: number): void {
    if (verdict === null) {
      this.verdicts?.delete(hash);
      this.unknown?.set(hash, askedAt + UNKNOWN_MS);
      return;
    }
    this.unknown?.delete(hash);
    this.verdicts?.set(hash, verdict);
  }

  forget(change: Change): void {
    switch (change.kind) {
      case 'write':
        return; // `hasOwnWrites` holds back what it touches until the change itself is told.
      case 'all':
        this.verdicts?.clear();
        return this.unknown?.clear();
      case 'key':
        for (const hash of change.names) {
          this.verdicts?.delete(hash);
          this.unknown?.delete(hash);
        }
        return;
      case 'user':
        return this.forgetWhere((verdict) => change.names.has(verdict.userId));
      case 'tenant':
        return this.forgetWhere((verdict) => change.names.has(verdict.tenantId));
    }
  }

  /** Walks all of it, some 10 ms at 100,000: users and tenants change seldom, an index would cost memory always. */
  private forgetWhere(isMeant: (verdict: Verdict) => boolean): void {
    for (const [hash, verdict] of this.verdicts?.entries() ?? []) if (isMeant(verdict)) this.verdicts?.delete(hash);
  }
}
