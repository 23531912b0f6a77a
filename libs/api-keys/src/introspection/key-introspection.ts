import { Injectable } from '@nestjs/common';
import { type ApiKeyPrincipal, Forbidden, type TenantPrincipal, Unauthenticated } from '#access';
import { RateLimiter, rateLimited } from '../limits/rate-limiter.js';
import { UseRecorder } from '../usage/use-recorder.js';
import { ApiKeyVerifier } from '../verification/api-key.verifier.js';
import type { IntrospectionRequest } from './introspection-request.js';

/** Verifies keys for services that serve their own requests, by the verifier, the rates and the uses of our own requests. */
@Injectable()
export class KeyIntrospection {
  constructor(
    private readonly verifier: ApiKeyVerifier,
    private readonly limiter: RateLimiter,
    private readonly uses: UseRecorder,
  ) {}

  /**
   * The principal of a key that would be accepted now from the named address, counted as a unit of the key's rate and as a use.
   * Null for every other text: whatever the reason, and also for a key of another tenant than the service's.
   * @throws {RateLimited} the key is beyond its rate, or its client presents too many unknown keys to the service
   * @throws {ServiceUnavailable}
   */
  async introspect(service: TenantPrincipal, { token, ip }: IntrospectionRequest): Promise<ApiKeyPrincipal | null> {
    const key = await this.accepted(service, token, ip);
    if (!key) return null;
    const rate = await this.limiter.consumeOf(key);
    if (rate && !rate.isAdmitted) {
      this.uses.denied(key.apiKeyId);
      throw rateLimited(rate);
    }
    // The service does not say which scopes its request needs: none of them may look unused.
    this.uses.allowed(key.apiKeyId, ip, [...key.scopes], key.secretNumber);
    return key;
  }

  private async accepted(service: TenantPrincipal, token: string, ip: string | undefined) {
    try {
      return await this.verifier.verify(token, ip ?? 'unknown', service.tenantId, idOf(service));
    } catch (error) {
      if (error instanceof Unauthenticated || error instanceof Forbidden) return null;
      throw error;
    }
  }
}

const idOf = (service: TenantPrincipal): string => (service.kind === 'API_KEY' ? service.apiKeyId : service.userId);
