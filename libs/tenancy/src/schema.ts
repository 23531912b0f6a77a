import type { Schema } from '#database/schema';
import { Tenant } from './tenant.entity.js';
import { User } from './user.entity.js';
import { Migration20261122090000_tenants_and_users } from './migrations/20261122090000-tenants-and-users.js';
import { Migration20261128110000_account_bounds } from './migrations/20261128110000-account-bounds.js';

export { Tenant, User };

export const TENANCY_SCHEMA: Schema = {
  entities: [Tenant, User],
  migrations: [Migration20261122090000_tenants_and_users, Migration20261128110000_account_bounds],
};
