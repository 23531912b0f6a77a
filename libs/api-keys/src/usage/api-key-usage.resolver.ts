import { Args, Context, Extensions, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Authenticated, CurrentPrincipal, ScopeCatalogue, SessionOnly, type TenantPrincipal } from '#access';
import { ApiKeyObject } from '../keys/api-key.objects.js';
import {
  ApiKeyAddress,
  ApiKeyUsagePoint,
  RevocationImpact,
  RevocationImpactArguments,
  UsageArguments,
} from './api-key-usage.objects.js';
import { usageLength } from './usage-buckets.rules.js';
import { ApiKeyUsageService } from './api-key-usage.service.js';

/** What keys are used for; for the people who own or administer the keys. */
@Resolver(() => ApiKeyObject)
@SessionOnly()
export class ApiKeyUsageResolver {
  constructor(
    private readonly service: ApiKeyUsageService,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  @Query(() => [RevocationImpact], {
    description:
      'What stops working when keys are revoked: of the keys named, or of all of one owner, for a tenant admin. Exactly one of both.',
  })
  async apiKeyRevocationImpact(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Args() given: RevocationImpactArguments,
  ): Promise<RevocationImpact[]> {
    const impacts = await this.service.revocationImpact(request, by, given);
    return impacts.map(({ key, ...use }) => ({
      apiKey: ApiKeyObject.from(key, this.catalogue),
      lastUsedAt: key.lastUsedAt,
      ...use,
    }));
  }

  @ResolveField(() => Int, {
    description: 'Requests that presented this key after it was revoked: is the leak being exploited?',
  })
  attemptsAfterRevocation(@Parent() key: ApiKeyObject): number {
    return key.attemptsAfterRevocation;
  }

  @ResolveField(() => [ApiKeyUsagePoint], {
    description: 'Requests by the hour or day, without gaps. At most a minute behind.',
  })
  @Extensions({ listLength: usageLength })
  usage(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() key: ApiKeyObject,
    @Args() given: UsageArguments,
  ): Promise<ApiKeyUsagePoint[]> {
    return this.service.usage(request, by, key.id, given);
  }

  @ResolveField(() => [ApiKeyAddress], {
    description: 'The last ten addresses that it was used from, most recent first.',
  })
  @Authenticated({ isImplied: true })
  recentIps(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() key: ApiKeyObject,
  ): Promise<ApiKeyAddress[]> {
    return this.service.recentAddresses(request, by, key.id);
  }

  @ResolveField(() => [String], { description: 'Granted scopes that no request has needed since that instant.' })
  unusedScopes(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() key: ApiKeyObject,
    @Args('since', { description: 'Scopes needed at this instant or later are used.' }) since: Date,
  ): Promise<string[]> {
    return this.service.unusedScopes(request, by, key, since);
  }
}
