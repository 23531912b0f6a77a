import { Inject, Injectable } from '@nestjs/common';
import { ScopeCatalogue } from '#access';
import { ChangeChannel, VerifierDatabase } from '#database';
import { API_KEYS_OPTIONS, type ApiKeysOptions } from '../api-keys.options.js';
import { type Verdict, VerdictReader } from './verdict.js';
import { VerdictCache } from './verdict-cache.js';
import { VerdictLookups } from './verdict-lookups.js';

/**
 * What the secrets of keys are worth now: remembered while the change channel proves that nothing has changed, else
 * looked up, once for all requests that ask at the same time.
 */
@Injectable()
export class Verdicts {
  /** How many verdicts memory has room for. */
  readonly capacity: number;
  private readonly cache: VerdictCache;
  private readonly lookups: VerdictLookups;

  constructor(
    @Inject(API_KEYS_OPTIONS) { cacheSize }: ApiKeysOptions,
    database: VerifierDatabase,
    changes: ChangeChannel,
    catalogue: ScopeCatalogue,
  ) {
    this.capacity = cacheSize;
    this.cache = new VerdictCache(cacheSize, changes);
    this.lookups = new VerdictLookups(database, new VerdictReader(catalogue), this.cache, changes);
    changes.subscribe((change) => {
      this.lookups.detach();
      this.cache.forget(change, performance.now());
    });
  }

  /**
   * The verdict on the secret with this hash; null: no key has it. A plain value where it is remembered.
   * @param beforeAsking called before the database is asked, with whether something is still remembered of the key, which
   *   then was not made up; what it throws is thrown, and nothing is asked
   * @throws {ServiceUnavailable} as a rejection
   */
  of(hash: string, beforeAsking: (isKnown: boolean) => void): Verdict | null | Promise<Verdict | null> {
    const remembered = this.cache.recall(hash, performance.now());
    if (remembered !== undefined) return remembered;
    beforeAsking(this.cache.knew(hash));
    return this.lookups.find(hash);
  }

  /** Verdicts and unknown keys held in memory; how many were evicted for want of room, how often all were forgotten. */
  get remembered(): { verdicts: number; unknown: number; evicted: number; clears: number } {
    const { size: verdicts, unknownSize: unknown, evicted, clears } = this.cache;
    return { verdicts, unknown, evicted, clears };
  }
}
