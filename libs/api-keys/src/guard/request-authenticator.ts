import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import {
  isAtLeast,
  type Principal,
  principalOf,
  rememberPrincipal,
  Unauthenticated,
  type UserPrincipal,
} from '#access';
import type { HttpRequest } from '#http';
import { ApiKeyFormat } from '../keys/api-key.format.js';
import { ApiKeyVerifier } from '../verification/api-key.verifier.js';
import { API_KEYS_OPTIONS, type ApiKeysOptions } from '../api-keys.options.js';
import { headerValues } from '#kernel';
import { credentialChannel } from './credential-channel.js';
import { type Credential, credentialOf } from './credentials.js';
import { normalisedAddress } from '../limits/networks.rules.js';

/** Verifies the credential of a request once, on the first call. */
@Injectable()
export class RequestAuthenticator {
  private readonly underWay = new WeakMap<HttpRequest, Promise<Principal | null>>();

  constructor(
    @Inject(API_KEYS_OPTIONS) private readonly options: ApiKeysOptions,
    private readonly format: ApiKeyFormat,
    private readonly keys: ApiKeyVerifier,
  ) {}

  /**
   * The principal of the request, remembered on the request; null when it presents no credential. A plain value where no wait is
   * needed: no credential, or a key whose verdict is remembered.
   * @throws {AmbiguousCredentials}
   * @throws {Unauthenticated} when the presented credential is not good; another credential does not help
   * @throws {Forbidden} WRONG_TENANT, IP_NOT_ALLOWED
   * @throws {RateLimited} too many unknown keys from this address
   * @throws {ServiceUnavailable}
   */
  authenticate(request: HttpRequest): Principal | null | Promise<Principal | null> {
    const known = principalOf(request);
    if (known !== undefined) return known;
    const waitedFor = this.underWay.get(request);
    if (waitedFor) return waitedFor;
    const verdict = credentialChannel.hasSubscribers ? this.published(request) : this.verifyOnce(request);
    if (!(verdict instanceof Promise)) {
      rememberPrincipal(request, verdict);
      return verdict;
    }
    const remembered = verdict.then((principal) => {
      // The principal of a key is frozen already; the principal of a session comes from the application.
      rememberPrincipal(request, Object.freeze(principal));
      return principal;
    });
    this.underWay.set(request, remembered);
    return remembered;
  }

  /**
   * Verifies the credential of the request anew, for a request that goes on for long. Nothing is remembered on the request.
   * @throws as `authenticate`
   */
  async verifyAgain(request: HttpRequest): Promise<Principal | null> {
    return this.verify(request);
  }

  /** Equal for requests that one verification answers: with the same credential, for the same tenant, from the same address. */
  nameOf({ raw, ip }: HttpRequest): string {
    return JSON.stringify([this.presented(raw), headerValues(raw, 'x-tenant-id'), ip]);
  }

  /** A refusal is kept for the request, too: verifying again would count another attempt. */
  private verifyOnce(request: HttpRequest): Principal | null | Promise<Principal | null> {
    try {
      return this.verify(request);
    } catch (error) {
      const refused = Promise.reject<Principal | null>(error);
      refused.catch(() => undefined);
      this.underWay.set(request, refused);
      throw error;
    }
  }

  private async published(request: HttpRequest): Promise<Principal | null> {
    return credentialChannel.tracePromise(async () => this.verify(request), {});
  }

  private verify({ raw, ip }: HttpRequest): Principal | null | Promise<Principal | null> {
    const credential = this.presented(raw);
    if (credential.kind === 'none') return null;
    const tenants = headerValues(raw, 'x-tenant-id');
    const namedTenant = tenants.length === 0 ? undefined : tenants.join();
    if (credential.kind === 'session') {
      if (!this.options.sessions) throw new Unauthenticated('INVALID_SESSION');
      return this.options.sessions.verify(credential.token, namedTenant).then(boundToOwnKeys);
    }
    return this.keys.verify(credential.plaintext, normalisedAddress(ip), namedTenant);
  }

  /** The credential in the headers, or else the session that the application finds itself. */
  private presented(raw: IncomingMessage): Credential {
    const { sessions } = this.options;
    const credential = credentialOf(raw, this.format, sessions?.tokenShape);
    // A browser adds cookies to what another site's page asks, so such a request presents none.
    if (credential.kind !== 'none' || !sessions?.tokenOf || raw.headers['sec-fetch-site'] === 'cross-site')
      return credential;
    const token = sessions.tokenOf(raw);
    return token === undefined ? credential : { kind: 'session', token };
  }
}

const boundToOwnKeys = (principal: UserPrincipal): UserPrincipal => ({
  ...principal,
  memberId: isAtLeast(principal.role, 'TENANT_ADMIN') ? null : principal.userId,
});
