import { Migration20261122090000_tenants_and_users } from './20261122090000-tenants-and-users.js';
import { Migration20261122090100_api_keys } from './20261122090100-api-keys.js';
import { Migration20261122090200_devices } from './20261122090200-devices.js';
import { Migration20261122100000_alerts } from './20261122100000-alerts.js';
import { Migration20261122100100_config_backups } from './20261122100100-config-backups.js';
import { Migration20261122100200_firmware_upgrades } from './20261122100200-firmware-upgrades.js';
import { Migration20261122110000_api_key_events } from './20261122110000-api-key-events.js';
import { Migration20261122110100_key_rotation } from './20261122110100-key-rotation.js';
import { Migration20261122110200_idempotent_creation } from './20261122110200-idempotent-creation.js';
import { Migration20261122110300_api_key_orders } from './20261122110300-api-key-orders.js';
import { Migration20261122120000_api_key_policies } from './20261122120000-api-key-policies.js';
import { Migration20261122130000_api_key_usage } from './20261122130000-api-key-usage.js';
import { Migration20261122140000_change_triggers } from './20261122140000-change-triggers.js';

/** Tenants, users and keys: the tables of every application whose resolvers are guarded by keys. */
export const API_KEY_MIGRATIONS = [
  Migration20261122090000_tenants_and_users,
  Migration20261122090100_api_keys,
  Migration20261122110000_api_key_events,
  Migration20261122110100_key_rotation,
  Migration20261122110200_idempotent_creation,
  Migration20261122110300_api_key_orders,
  Migration20261122120000_api_key_policies,
  Migration20261122130000_api_key_usage,
  Migration20261122140000_change_triggers,
] as const;

/** The portal's resources. */
const RESOURCE_MIGRATIONS = [
  Migration20261122090200_devices,
  Migration20261122100000_alerts,
  Migration20261122100100_config_backups,
  Migration20261122100200_firmware_upgrades,
] as const;

/**
 * The portal's migrations, in order of the time stamps in their names. Add to the end of one of the two lists; what has
 * run somewhere is never changed.
 */
export const MIGRATIONS = [...API_KEY_MIGRATIONS, ...RESOURCE_MIGRATIONS].toSorted((one, other) =>
  one.name < other.name ? -1 : 1,
);
