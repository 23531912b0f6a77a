import { Module } from '@nestjs/common';
import { UserList } from './user-list.js';
import { UserListResolver } from './user-list.resolver.js';
import { UserResolver } from './user.resolver.js';

/** The fields of users in a GraphQL API. */
@Module({ providers: [UserList, UserListResolver, UserResolver] })
export class TenancyGraphQLModule {}
