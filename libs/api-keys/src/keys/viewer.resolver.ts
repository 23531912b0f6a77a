import { Context, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { AccessRegistry, Authenticated, CurrentPrincipal, type Principal, ScopeCatalogue, USER_ROLES } from '#access';
import { Clock, NotFound } from '#kernel';
import { TenantDirectory } from '#tenancy';
import { TenantObject, UserObject } from '#tenancy/graphql';
import { ApiKeyObject } from './api-key.objects.js';
import { ApiKeyService } from './api-key.service.js';
import { RateLimiter } from '../limits/rate-limiter.js';
import { ApiScope, ApiScopePreset, RateLimitState, Viewer } from './viewer.objects.js';

/** Also open to a super admin who named no tenant: the field shows the caller, and a tenant only where there is one. */
@Resolver(() => Viewer)
@Authenticated({ tenant: 'optional' })
export class ViewerResolver {
  constructor(
    private readonly keys: ApiKeyService,
    private readonly directory: TenantDirectory,
    private readonly catalogue: ScopeCatalogue,
    private readonly registry: AccessRegistry,
    private readonly limiter: RateLimiter,
    private readonly clock: Clock,
  ) {}

  @Query(() => Viewer, { description: 'Who is calling, and what this request may do.' })
  viewer(@CurrentPrincipal() by: Principal): Viewer {
    return Viewer.of(by);
  }

  @Query(() => [ApiScope], { description: 'Every scope there is, what it opens, and who may grant it.' })
  async apiScopes(@CurrentPrincipal() by: Principal): Promise<ApiScope[]> {
    const mayGrant = await this.keys.mayMakeKeys(by);
    return this.catalogue.all.map(({ name, description }) => ({
      name,
      description,
      opens: this.registry.openedBy(name),
      grantedTo: USER_ROLES.filter((role) => this.catalogue.scopesOf(role).has(name)),
      grantableByMe: mayGrant && by.scopes.has(name),
    }));
  }

  @Query(() => [ApiScopePreset], {
    description: 'Scopes for common purposes, cut down to what the caller has; `everything` comes last.',
  })
  apiScopePresets(@CurrentPrincipal() by: Principal): ApiScopePreset[] {
    const everything = { name: 'everything', description: 'Everything that you may do.', scopes: [...by.scopes] };
    return [...this.catalogue.presets, everything]
      .map((preset) => ({
        ...preset,
        scopes: this.catalogue.inOrder(preset.scopes.filter((scope) => by.scopes.has(scope))),
      }))
      .filter(({ scopes }) => scopes.length > 0);
  }

  @ResolveField(() => RateLimitState, {
    nullable: true,
    description: 'Of the calling key, read without consuming. Null: unlimited, a session, or not known at the moment.',
  })
  @Authenticated({ tenant: 'optional', isImplied: true })
  async rateLimit(@CurrentPrincipal() by: Principal): Promise<RateLimitState | null> {
    const state = by.kind === 'API_KEY' ? await this.limiter.stateOf(by) : undefined;
    if (!state) return null;
    const { limit, windowSeconds, remaining, resetMs } = state;
    return { limit, windowSeconds, remaining, resetsAt: new Date(this.clock.now().getTime() + resetMs) };
  }

  @ResolveField(() => TenantObject, { nullable: true, description: 'Null only for a super admin who named no tenant.' })
  async tenant(@CurrentPrincipal() by: Principal): Promise<TenantObject | null> {
    const tenant = await this.directory.tenant(by);
    return tenant && TenantObject.from(tenant);
  }

  @ResolveField(() => UserObject, { description: 'The portal user: of a session its own, of a key its owner.' })
  async user(@CurrentPrincipal() by: Principal, @Context('req') request: object): Promise<UserObject> {
    const user = await this.directory.userOf(request, by, by.userId);
    if (!user) throw new NotFound('User');
    return UserObject.from(user);
  }

  @ResolveField(() => ApiKeyObject, {
    nullable: true,
    description: 'The key that made this request; null for a session.',
  })
  async apiKey(@CurrentPrincipal() by: Principal): Promise<ApiKeyObject | null> {
    if (by.kind !== 'API_KEY') return null;
    const key = await this.keys.find(by, by.apiKeyId);
    return key && ApiKeyObject.from(key, this.catalogue);
  }
}
