import { Injectable } from '@nestjs/common';
import { type ApiKeyPrincipal, Forbidden, Unauthenticated } from '#access';
import { ApiKeyFormat, hashKey } from '../keys/api-key.format.js';
import { UnknownKeyLimiter } from '../limits/unknown-key-limiter.js';
import { UseRecorder } from '../usage/use-recorder.js';
import { FirstUses } from './first-uses.js';
import type { Verdict } from './verdict.js';
import { Verdicts } from './verdicts.js';
import { type VerdictSource, VerificationOutcomes } from './verification-outcomes.js';

/** Turns a plaintext into a principal. Defines the order of the checks on a presented key. */
@Injectable()
export class ApiKeyVerifier {
  readonly outcomes = new VerificationOutcomes();

  constructor(
    readonly verdicts: Verdicts,
    private readonly format: ApiKeyFormat,
    private readonly uses: UseRecorder,
    private readonly unknownKeys: UnknownKeyLimiter,
    private readonly firstUses: FirstUses,
  ) {}

  /**
   * Turns the plaintext of a key into its principal. The principal is frozen and shared by requests.
   *
   * Returns a plain value where a verdict is remembered. Otherwise runs one query, by the unique indexes on hashes, as
   * `portal_verifier`: the tenant is not known before this returns. A wrong shape or checksum causes no query. Writes nothing but
   * the first use of a new secret, once per rotation.
   *
   * @param address the client's address, as `normalisedAddress` returns it
   * @param namedTenant the id that the request names: a key acts in its own tenant and may name no other
   * @param service the id of a service that presents a key of its client: unknown keys count for the client at this service
   * @throws {Unauthenticated} whenever there is no usable key; at once where this is known without a query
   * @throws {Forbidden} IP_NOT_ALLOWED, WRONG_TENANT; such a request is no first use of a new secret
   * @throws {RateLimited} when the address has presented too many unknown keys, and this process remembers nothing of this key
   * @throws {ServiceUnavailable} when the database is unavailable: an outage must never look like a wrong key
   */
  verify(
    plaintext: string,
    address: string,
    namedTenant?: string,
    service?: string,
  ): ApiKeyPrincipal | Promise<ApiKeyPrincipal> {
    const hash = hashKey(plaintext);
    const verdict = this.verdicts.of(hash, (isKnown) => this.requireWorthAsking(plaintext, address, service, isKnown));
    if (verdict instanceof Promise) return this.judgeLookedUp(hash, verdict, address, namedTenant, service);
    if (!verdict) return this.refuseUnknown(hash, address, service, 'remembered');
    const principal = this.principalOf(verdict, address, namedTenant, 'remembered');
    this.outcomes.accepted('remembered');
    return principal;
  }

  /** The shape is not checked earlier: a remembered key was well-formed, and the check costs more than hash and cache. */
  private requireWorthAsking(plaintext: string, address: string, service: string | undefined, isKnown: boolean): void {
    if (!this.format.isWellFormed(plaintext))
      throw this.outcomes.refused('malformed', new Unauthenticated('INVALID_KEY'));
    if (!isKnown) this.unknownKeys.requireOpen(address, service);
  }

  private async judgeLookedUp(
    hash: string,
    asked: Promise<Verdict | null>,
    address: string,
    namedTenant: string | undefined,
    service: string | undefined,
  ): Promise<ApiKeyPrincipal> {
    const verdict = await asked.catch((error: unknown) => {
      throw this.outcomes.refused('looked_up', error);
    });
    if (!verdict) return this.refuseUnknown(hash, address, service, 'looked_up');
    const principal = this.principalOf(verdict, address, namedTenant, 'looked_up');
    if (verdict.awaitsFirstUse)
      await this.firstUses.note(principal).catch((error: unknown) => {
        throw this.outcomes.refused('looked_up', error);
      });
    this.outcomes.accepted('looked_up');
    return principal;
  }

  private principalOf(
    verdict: Verdict,
    address: string,
    namedTenant: string | undefined,
    source: VerdictSource,
  ): ApiKeyPrincipal {
    const { apiKeyId, principal, refusal, networks } = verdict;
    if (!principal) {
      if (refusal === 'REVOKED_KEY') this.uses.attemptedAfterRevocation(apiKeyId);
      else if (refusal === 'PENDING_KEY') this.uses.denied(apiKeyId);
      throw this.outcomes.refused(source, new Unauthenticated(refusal ?? 'INVALID_KEY'));
    }
    if (networks && !networks.allows(address)) {
      this.uses.denied(apiKeyId);
      throw this.outcomes.refused(source, new Forbidden({ reason: 'IP_NOT_ALLOWED', ip: address }));
    }
    if (namedTenant !== undefined && namedTenant.toLowerCase() !== principal.tenantId) {
      this.uses.denied(apiKeyId);
      throw this.outcomes.refused(source, new Forbidden({ reason: 'WRONG_TENANT' }));
    }
    return principal;
  }

  private async refuseUnknown(
    hash: string,
    address: string,
    service: string | undefined,
    source: VerdictSource,
  ): Promise<never> {
    const refusal = this.outcomes.refused(source, new Unauthenticated('INVALID_KEY'));
    await this.unknownKeys.count(address, hash, service);
    throw refusal;
  }
}
