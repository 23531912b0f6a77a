import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { SessionOnly } from '#access';
import { UserObject } from './tenancy.objects.js';

@Resolver(() => UserObject)
export class UserResolver {
  @ResolveField(() => String, {
    description: 'Address at the identity provider, in lower case; unique over all tenants.',
  })
  @SessionOnly(undefined, { tenant: 'optional' })
  email(@Parent() user: UserObject): string {
    return user.email;
  }
}
