import { Inject, Injectable } from '@nestjs/common';
import { ScopeCatalogue } from '#access';
import { InvalidationChannel, VerifierDatabase } from '#database';
import { API_KEYS_OPTIONS, type ApiKeysOptions } from '../api-keys.options.js';
import { type Verdict, VerdictReader } from './verdict.js';
import { VerdictCache } from './verdict-cache.js';
import { VerdictLookups } from './verdict-lookups.js';

/**
 * The current verdicts on secrets of keys. Remembered while the invalidation channel proves that nothing has changed; otherwise looked
 * up, once for all requests that ask at the same time.
 */
@Injectable()
export class Verdicts {
  /** Maximum number of verdicts in memory. */
  readonly capacity: number;
  private readonly cache: VerdictCache;
  private readonly lookups: VerdictLookups;

  constructor(
    @Inject(API_KEYS_OPTIONS) { cacheSize }: ApiKeysOptions,
    database: VerifierDatabase,
    invalidations: InvalidationChannel,
    catalogue: ScopeCatalogue,
  ) {
    this.capacity = cacheSize;
    this.cache = new VerdictCache(cacheSize, invalidations);
    this.lookups = new VerdictLookups(database, new VerdictReader(catalogue), this.cache, invalidations);
    invalidations.subscribe((invalidation) => {
      this.lookups.detach();
      this.cache.forget(invalidation, performance.now());
    });
  }

  /**
   * The verdict on the secret with this hash; null: no key has the hash. A plain value where it is remembered.
   * @param beforeAsking called before the database is asked, with true if something is still remembered of the key, which then
   *   was not made up. If the call throws, nothing is asked.
   * @throws {ServiceUnavailable} as a rejection
   */
  of(hash: string, beforeAsking: (isKnown: boolean) => void): Verdict | null | Promise<Verdict | null> {
    const remembered = this.cache.recall(hash, performance.now());
    if (remembered !== undefined) return remembered;
    beforeAsking(this.cache.knew(hash));
    return this.lookups.find(hash);
  }

  /** Verdicts and unknown keys held in memory, the number of evictions, and how often everything was forgotten. */
  get remembered(): { verdicts: number; unknown: number; evicted: number; clears: number } {
    const { size: verdicts, unknownSize: unknown, evicted, clears } = this.cache;
    return { verdicts, unknown, evicted, clears };
  }
}
