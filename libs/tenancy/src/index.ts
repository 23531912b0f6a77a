export { AccountDirectory } from './account-directory.js';
export type { Account } from './account.sql.js';
export { TenancyAdministration } from './tenancy-administration.js';
export type { NewUser } from './tenancy-administration.js';
export { TenancyModule } from './tenancy.module.js';
export { TenantDirectory } from './tenant-directory.js';
export type { UserKind, UserRow } from './tenant-directory.js';
