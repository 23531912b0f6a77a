import { Args, Context, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Authenticated, CurrentPrincipal, ScopeCatalogue, SessionOnly, type TenantPrincipal } from '#access';
import { countedPage, type JsonObject, mapPage, NotFound } from '#kernel';
import { JSONObject } from '#graphql';
import { TenantDirectory } from '#tenancy';
import { UserObject } from '#tenancy/graphql';
import { ApiKeysArguments } from './api-key.inputs.js';
import { ApiKeyConnection, ApiKeyObject } from './api-key.objects.js';
import { ApiKeyService } from './api-key.service.js';

@Resolver(() => ApiKeyObject)
export class ApiKeyResolver {
  constructor(
    private readonly keys: ApiKeyService,
    private readonly directory: TenantDirectory,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  @Query(() => ApiKeyObject, {
    nullable: true,
    description: 'One key; null for an unknown id, and for what the caller may not see.',
  })
  @SessionOnly()
  async apiKey(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args('id', { type: () => ID, description: 'A UUID; any other text is BAD_USER_INPUT.' }) id: string,
  ): Promise<ApiKeyObject | null> {
    const key = await this.keys.find(by, id);
    return key && ApiKeyObject.from(key, this.catalogue);
  }

  @Query(() => ApiKeyConnection, {
    description:
      'The keys of the tenant, of a session below TENANT_ADMIN its own; newest first unless ordered otherwise.',
  })
  @SessionOnly()
  async apiKeys(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args() { filter, orderBy, ...page }: ApiKeysArguments,
  ): Promise<ApiKeyConnection> {
    const keys = await this.keys.page(by, filter ?? {}, orderBy, page);
    const shown = mapPage(keys, (key) => ApiKeyObject.from(key, this.catalogue));
    return countedPage(shown, () => this.keys.count(by, filter ?? {}));
  }

  @ResolveField(() => UserObject, {
    description: 'The user whose role limits what the key may do, now and at every use.',
  })
  @Authenticated()
  async owner(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() key: ApiKeyObject,
  ): Promise<UserObject> {
    const owner = await this.directory.userOf(request, by, key.ownerId);
    if (!owner) throw new NotFound('User');
    return UserObject.from(owner);
  }

  @ResolveField(() => UserObject, {
    nullable: true,
    description: 'The user who made it. Null: the system, or a user who is gone.',
  })
  @SessionOnly()
  createdBy(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() key: ApiKeyObject,
  ): Promise<UserObject | null> {
    return this.user(request, by, key.createdById);
  }

  @ResolveField(() => UserObject, {
    nullable: true,
    description: 'The admin who approved it. Null where no admin did, the system did, or the user is gone.',
  })
  @SessionOnly()
  approvedBy(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() key: ApiKeyObject,
  ): Promise<UserObject | null> {
    return this.user(request, by, key.approvedById);
  }

  @ResolveField(() => UserObject, {
    nullable: true,
    description: 'The user who ended it. Null while not revoked, and where a key or a leak report did it.',
  })
  @SessionOnly()
  revokedBy(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Parent() key: ApiKeyObject,
  ): Promise<UserObject | null> {
    return this.user(request, by, key.revokedById);
  }

  @ResolveField(() => String, { nullable: true, description: 'What the person who revoked it wrote.' })
  @SessionOnly()
  revocationNote(@Parent() key: ApiKeyObject): string | null {
    return key.revocationNote;
  }

  @ResolveField(() => JSONObject, { description: 'Data of your own, as given; an object of at most 8 kB.' })
  @SessionOnly()
  metadata(@Parent() key: ApiKeyObject): JsonObject {
    return key.metadata;
  }

  private async user(request: object, by: TenantPrincipal, id: string | null): Promise<UserObject | null> {
    const user = id === null ? null : await this.directory.userOf(request, by, id);
    return user && UserObject.from(user);
  }
}
