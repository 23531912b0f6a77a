import { Migration20261122090000_tenants_and_users } from './20261122090000-tenants-and-users.js';
import { Migration20261122090100_api_keys } from './20261122090100-api-keys.js';
import { Migration20261122090200_devices } from './20261122090200-devices.js';
import { Migration20261122140000_change_triggers } from './20261122140000-change-triggers.js';

/** In order of their time stamps. Add at the end; what has run somewhere is never changed. */
export const MIGRATIONS = [
  Migration20261122090000_tenants_and_users,
  Migration20261122090100_api_keys,
  Migration20261122090200_devices,
  Migration20261122140000_change_triggers,
] as const;
