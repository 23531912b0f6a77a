import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { Forbidden, type Principal, rememberPrincipal, Unauthenticated } from '#access';
import { ApiKeyFormat } from './api-key.format.js';
import { ApiKeyVerifier } from './api-key.verifier.js';
import { API_KEYS_OPTIONS, type ApiKeysOptions } from './api-keys.options.js';
import { credentialOf } from './credentials.js';
import { normalisedAddress } from './networks.policy.js';

/** A request as the HTTP adapter hands it over; `raw` is Node's own. */
export interface AuthenticatableRequest {
  raw: IncomingMessage;
  /** The client's address, as far as proxies in between are trusted. */
  ip: string;
}

/** Verifies the credential of a request, once, whoever asks first. */
@Injectable()
export class RequestAuthenticator {
  private readonly underWay = new WeakMap<AuthenticatableRequest, Promise<Principal | null>>();

  constructor(
    @Inject(API_KEYS_OPTIONS) private readonly options: ApiKeysOptions,
    private readonly format: ApiKeyFormat,
    private readonly keys: ApiKeyVerifier,
  ) {}

  /**
   * The principal of the request, remembered on it; null when it presents no credential.
   * @throws {AmbiguousCredentials}
   * @throws {Unauthenticated} when a credential is presented and is not good: it is not rescued by another
   * @throws {Forbidden} WRONG_TENANT, IP_NOT_ALLOWED
   * @throws {RateLimited} too many unknown keys from this address
   * @throws {ServiceUnavailable}
   */
  authenticate(request: AuthenticatableRequest): Promise<Principal | null> {
    const known = this.underWay.get(request);
    if (known) return known;
    const verdict = this.verify(request).then((principal) => {
      rememberPrincipal(request, principal);
      return principal;
    });
    this.underWay.set(request, verdict);
    return verdict;
  }

  private async verify({ raw, ip }: AuthenticatableRequest): Promise<Principal | null> {
    const credential = credentialOf(raw, this.format.start);
    if (credential.kind === 'none') return null;
    const namedTenant = raw.headersDistinct['x-tenant-id']?.join();
    if (credential.kind === 'session') {
      if (!this.options.sessions) throw new Unauthenticated('INVALID_SESSION');
      return this.options.sessions.verify(credential.token, namedTenant);
    }
    const principal = await this.keys.verify(credential.plaintext, normalisedAddress(ip));
    if (namedTenant !== undefined && namedTenant.toLowerCase() !== principal.tenantId)
      throw new Forbidden({ reason: 'WRONG_TENANT' });
    return principal;
  }
}
