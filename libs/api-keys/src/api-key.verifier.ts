import { Inject, Injectable } from '@nestjs/common';
import { type ApiKeyPrincipal, ScopeCatalogue, Unauthenticated } from '#access';
import { ChangeChannel, VerifierDatabase } from '#database';
import { ApiKeyFormat, hashKey } from './api-key.format.js';
import { API_KEYS_OPTIONS, type ApiKeysOptions } from './api-keys.options.js';
import { principalIn, VerdictReader } from './verdict.js';
import { VerdictCache } from './verdict-cache.js';
import { VerdictLookups } from './verdict-lookups.js';

@Injectable()
export class ApiKeyVerifier {
  private readonly cache: VerdictCache;
  private readonly lookups: VerdictLookups;

  constructor(
    @Inject(API_KEYS_OPTIONS) options: ApiKeysOptions,
    private readonly format: ApiKeyFormat,
    database: VerifierDatabase,
    changes: ChangeChannel,
    catalogue: ScopeCatalogue,
  ) {
    this.cache = new VerdictCache(options.cacheSize, changes);
    this.lookups = new VerdictLookups(database, new VerdictReader(catalogue), this.cache, changes);
    changes.subscribe((change) => {
      this.lookups.detach(change);
      this.cache.forget(change, performance.now());
    });
  }

  /** Verdicts held in memory, and unknown keys. */
  get remembered(): { verdicts: number; unknown: number } {
    return { verdicts: this.cache.size, unknown: this.cache.unknownSize };
  }

  /**
   * Turns the plaintext of a key into the principal it stands for; the principal is frozen and shared by requests.
   *
   * A plain value where a verdict is remembered. Else one query, by the unique index on `key_hash`, as
   * `portal_verifier`: the tenant is not known before this returns. None at all for a wrong shape or checksum.
   * Writes nothing.
   *
   * @throws {Unauthenticated} whenever there is no usable key; at once where that is known without a query
   * @throws {ServiceUnavailable} when the database is away: an outage must never look like a wrong key
   */
  verify(plaintext: string): ApiKeyPrincipal | Promise<ApiKeyPrincipal> {
    if (!this.format.isWellFormed(plaintext)) throw new Unauthenticated('INVALID_KEY');
    const hash = hashKey(plaintext);
    const remembered = this.cache.recall(hash, performance.now());
    return remembered === undefined ? this.lookups.find(hash).then(principalIn) : principalIn(remembered);
  }
}
