import type { Schema } from '#database/schema';
import { type HostOwners, hostOwnerSteps } from './host-owners.sql.js';
import { Tenant } from './tenant.entity.js';
import { User } from './user.entity.js';
import { Migration20261122090000_tenants_and_users } from './migrations/20261122090000-tenants-and-users.js';
import { Migration20261128110000_account_bounds } from './migrations/20261128110000-account-bounds.js';

export type { HostOwners, HostTenants, HostUsers } from './host-owners.sql.js';
export { Tenant, User };

export const TENANCY_SCHEMA: Schema = {
  entities: [Tenant, User],
  migrations: [Migration20261122090000_tenants_and_users, Migration20261128110000_account_bounds],
};

/**
 * For an application that has tenants and users in tables of its own: they are the owners of keys.
 * @throws {Error} naming a wrong option
 */
export function hostOwners(owners: HostOwners): Schema {
  return { entities: [], migrations: [], repeated: hostOwnerSteps(owners) };
}
