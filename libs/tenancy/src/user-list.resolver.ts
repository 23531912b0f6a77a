import { Args, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, SessionOnly, type TenantPrincipal } from '#access';
import { countedPage, mapPage } from '#kernel';
import { ForwardPageArguments } from '#graphql';
import { UserObject } from './tenancy.objects.js';
import { UserList } from './user-list.js';
import { UserConnection } from './user-list.objects.js';

@Resolver(() => UserObject)
export class UserListResolver {
  constructor(private readonly list: UserList) {}

  @Query(() => UserConnection, {
    description:
      "The people and service accounts of the tenant, active or not, by name; the platform's own are left out.",
  })
  @SessionOnly('TENANT_ADMIN')
  async users(@CurrentPrincipal() by: TenantPrincipal, @Args() page: ForwardPageArguments): Promise<UserConnection> {
    return countedPage(mapPage(await this.list.page(by, page), UserObject.from), () => this.list.count(by));
  }
}
