import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { type ApiKeyPrincipal, CurrentPrincipal, RequireScopes, type TenantPrincipal } from '#access';
import { RouteConfig } from '#http';
import { LIMITS } from '#kernel';
import { readIntrospection } from './introspection-request.js';
import { KeyIntrospection } from './key-introspection.js';

/** The answer about a key that would be accepted now, in the words of RFC 7662. */
interface ActiveKey {
  readonly active: true;
  /** What the key may do at this moment, sorted, separated by spaces. */
  readonly scope: string;
  readonly client_id: string;
  /** The user who owns the key. */
  readonly sub: string;
  readonly tenant: string;
  /** Seconds since 1970. Left out: the key has no end. */
  readonly exp?: number;
}

/** The one answer about every other text. */
const NOT_ACTIVE = { active: false } as const;

/** Token introspection (RFC 7662): another service of the tenant asks whether a key that it was sent is good. */
@Controller('keys')
export class KeyIntrospectionController {
  constructor(private readonly introspection: KeyIntrospection) {}

  @Post('verify')
  @HttpCode(200)
  @RouteConfig({ formBytes: LIMITS.introspection.bodyBytes })
  @RequireScopes('keys:verify')
  async verify(
    @CurrentPrincipal() service: TenantPrincipal,
    @Body() body: unknown,
  ): Promise<ActiveKey | typeof NOT_ACTIVE> {
    const key = await this.introspection.introspect(service, readIntrospection(body));
    return key ? answerOf(key) : NOT_ACTIVE;
  }
}

function answerOf({ apiKeyId, userId, tenantId, scopes, endsAtMs }: ApiKeyPrincipal): ActiveKey {
  return {
    active: true,
    scope: [...scopes].sort().join(' '),
    client_id: apiKeyId,
    sub: userId,
    tenant: tenantId,
    ...(endsAtMs !== undefined && { exp: Math.floor(endsAtMs / 1000) }),
  };
}
