import { Injectable } from '@nestjs/common';
import { type Access, type ApiKeyPrincipal, errorOf, type Principal, refusalOf } from '#access';
import { type HttpReply, type HttpRequest, setHeaders } from '#http';
import type { RateLimited } from '#kernel';
import { RateLimiter, rateLimited, rateLimitHeaders } from '../limits/rate-limiter.js';
import { UseRecorder } from '../usage/use-recorder.js';

/** Does for a plain HTTP handler what operation gate, rate limit and use recorder do for a GraphQL operation. */
@Injectable()
export class HandlerAdmission {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly uses: UseRecorder,
  ) {}

  /**
   * Decides on a request before its handler runs. Counts the request against its key's rate, and as a use or a refusal.
   * @throws {Unauthenticated}
   * @throws {Forbidden}
   * @throws {RateLimited}
   */
  async admit(access: Access, principal: Principal | null, request: HttpRequest, reply: HttpReply): Promise<void> {
    const key = principal?.kind === 'API_KEY' ? principal : undefined;
    const refusal = refusalOf(access, principal);
    const error = refusal ? errorOf(refusal) : key && (await this.beyondRate(key, reply));
    if (key && error) this.uses.denied(key.apiKeyId);
    if (error) throw error;
    if (key)
      this.uses.allowed(key.apiKeyId, request.ip, access.kind === 'scopes' ? access.scopes : [], key.secretNumber);
  }

  private async beyondRate(key: ApiKeyPrincipal, reply: HttpReply): Promise<RateLimited | undefined> {
    const verdict = await this.limiter.consumeOf(key);
    if (!verdict) return undefined;
    setHeaders(reply, rateLimitHeaders(verdict));
    return verdict.isAdmitted ? undefined : rateLimited(verdict);
  }
}
