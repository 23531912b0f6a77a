import { Inject, Injectable } from '@nestjs/common';
import { type ApiKeyPrincipal, Forbidden, ScopeCatalogue, Unauthenticated } from '#access';
import { ChangeChannel, VerifierDatabase } from '#database';
import { ApiKeyFormat, hashKey } from '../keys/api-key.format.js';
import { API_KEYS_OPTIONS, type ApiKeysOptions } from '../api-keys.options.js';
import { FirstUses } from './first-uses.js';
import { UnknownKeyLimiter } from '../limits/unknown-key-limiter.js';
import { UseRecorder } from '../usage/use-recorder.js';
import { type Verdict, VerdictReader } from './verdict.js';
import { VerdictCache } from './verdict-cache.js';
import { VerdictLookups } from './verdict-lookups.js';
import { type VerdictSource, VerificationOutcomes } from './verification-outcomes.js';

@Injectable()
export class ApiKeyVerifier {
  readonly outcomes = new VerificationOutcomes();
  private readonly cache: VerdictCache;
  private readonly lookups: VerdictLookups;

  constructor(
    @Inject(API_KEYS_OPTIONS) private readonly options: ApiKeysOptions,
    private readonly format: ApiKeyFormat,
    database: VerifierDatabase,
    changes: ChangeChannel,
    catalogue: ScopeCatalogue,
    private readonly uses: UseRecorder,
    private readonly unknownKeys: UnknownKeyLimiter,
    private readonly firstUses: FirstUses,
  ) {
    this.cache = new VerdictCache(options.cacheSize, changes);
    this.lookups = new VerdictLookups(database, new VerdictReader(catalogue), this.cache, changes);
    changes.subscribe((change) => {
      this.lookups.detach();
      this.cache.forget(change, performance.now());
    });
  }

  /** Verdicts that memory has room for. */
  get capacity(): number {
    return this.options.cacheSize;
  }

  /** Verdicts held in memory, and unknown keys; how many were evicted for want of room, how often all were forgotten. */
  get remembered(): { verdicts: number; unknown: number; evicted: number; clears: number } {
    const { size: verdicts, unknownSize: unknown, evicted, clears } = this.cache;
    return { verdicts, unknown, evicted, clears };
  }

  /**
   * Turns the plaintext of a key into the principal it stands for; the principal is frozen and shared by requests.
   *
   * A plain value where a verdict is remembered. Else one query, by the unique indexes on hashes, as
   * `portal_verifier`: the tenant is not known before this returns. None at all for a wrong shape or checksum.
   * Writes nothing but the first use of a new secret, once per rotation.
   *
   * @param address of the client, as `normalisedAddress` returns it
   * @param namedTenant the id that the request names: a key acts in its own tenant and may name no other
   * @throws {Unauthenticated} whenever there is no usable key; at once where that is known without a query
   * @throws {Forbidden} IP_NOT_ALLOWED, WRONG_TENANT; such a request is no first use of a new secret
   * @throws {RateLimited} when the address has presented too many keys that nobody has
   * @throws {ServiceUnavailable} when the database is away: an outage must never look like a wrong key
   */
  verify(plaintext: string, address: string, namedTenant?: string): ApiKeyPrincipal | Promise<ApiKeyPrincipal> {
    const hash = hashKey(plaintext);
    const remembered = this.cache.recall(hash, performance.now());
    if (remembered) {
      const principal = this.admit(remembered, address, namedTenant, 'remembered');
      this.outcomes.accepted('remembered');
      return principal;
    }
    if (remembered === null) return this.refuseUnknown(address, 'remembered');
    // Not before: what is remembered was well-formed, and to look costs more than the hash and the cache together.
    if (!this.format.isWellFormed(plaintext))
      throw this.outcomes.refused('malformed', new Unauthenticated('INVALID_KEY'));
    this.unknownKeys.requireOpen(address);
    return this.lookUp(hash, address, namedTenant);
  }

  private async lookUp(hash: string, address: string, namedTenant: string | undefined): Promise<ApiKeyPrincipal> {
    const verdict = await this.lookups.find(hash).catch((error: unknown) => {
      throw this.outcomes.refused('looked_up', error);
    });
    if (!verdict) return this.refuseUnknown(address, 'looked_up');
    const principal = this.admit(verdict, address, namedTenant, 'looked_up');
    if (verdict.awaitsFirstUse)
      await this.firstUses.note(principal).catch((error: unknown) => {
        throw this.outcomes.refused('looked_up', error);
      });
    this.outcomes.accepted('looked_up');
    return principal;
  }

  private admit(
    verdict: Verdict,
    address: string,
    namedTenant: string | undefined,
    source: VerdictSource,
  ): ApiKeyPrincipal {
    const { apiKeyId, principal, refusal, networks } = verdict;
    if (!principal) {
      if (refusal === 'REVOKED_KEY') this.uses.attemptedAfterRevocation(apiKeyId);
      throw this.outcomes.refused(source, new Unauthenticated(refusal ?? 'INVALID_KEY'));
    }
    if (networks && !networks.admit(address)) {
      this.uses.denied(apiKeyId);
      throw this.outcomes.refused(source, new Forbidden({ reason: 'IP_NOT_ALLOWED', ip: address }));
    }
    if (namedTenant !== undefined && namedTenant.toLowerCase() !== principal.tenantId) {
      this.uses.denied(apiKeyId);
      throw this.outcomes.refused(source, new Forbidden({ reason: 'WRONG_TENANT' }));
    }
    return principal;
  }

  private async refuseUnknown(address: string, source: VerdictSource): Promise<never> {
    const refusal = this.outcomes.refused(source, new Unauthenticated('INVALID_KEY'));
    await this.unknownKeys.count(address);
    throw refusal;
  }
}
