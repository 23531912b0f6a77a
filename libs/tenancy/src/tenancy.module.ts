import { Module } from '@nestjs/common';
import { AccountDirectory } from './account-directory.js';
import { TenancyAdministration } from './tenancy-administration.js';
import { TenantDirectory } from './tenant-directory.js';
import { UserList } from './user-list.js';
import { UserListResolver } from './user-list.resolver.js';
import { UserResolver } from './user.resolver.js';

@Module({
  providers: [TenantDirectory, AccountDirectory, TenancyAdministration, UserList, UserListResolver, UserResolver],
  exports: [TenantDirectory, AccountDirectory, TenancyAdministration],
})
export class TenancyModule {}
