/** For entities and migrations: the tables that the package brings, and what a table of a tenant declares. Loads no module. */
export { API_KEYS_SCHEMA, ApiKey } from '#api-keys/schema';
export { boundsOf, composeSchema, instantCheck, JOBS_WORK, lengthCheck } from '#database/schema';
export { memberIsolation, memberIsolationBy, TENANT_ISOLATION } from '#database/schema';
export type { Schema, TableOf } from '#database/schema';
export { hostOwners, TENANCY_SCHEMA, Tenant, User } from '#tenancy/schema';
export type { HostOwners, HostTenants, HostUsers } from '#tenancy/schema';
