import { Module } from '@nestjs/common';
import { AccountDirectory } from './account-directory.js';
import { TenancyAdministration } from './tenancy-administration.js';
import { TenantDirectory } from './tenant-directory.js';

@Module({
  providers: [TenantDirectory, AccountDirectory, TenancyAdministration],
  exports: [TenantDirectory, AccountDirectory, TenancyAdministration],
})
export class TenancyModule {}
