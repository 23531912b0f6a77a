import { ALERTS_SCHEMA } from '#alerts/schema';
import { API_KEYS_SCHEMA } from '#api-keys/schema';
import { CONFIG_BACKUPS_SCHEMA } from '#config-backups/schema';
import { ormOptions } from '#database';
import { composeSchema } from '#database/schema';
import { DEVICES_SCHEMA } from '#devices/schema';
import { FIRMWARE_SCHEMA } from '#firmware/schema';
import { NOTIFICATIONS_SCHEMA } from '#notifications/schema';
import { TENANCY_SCHEMA } from '#tenancy/schema';

/** Every table of the application, and what makes it. */
export const SCHEMA = composeSchema([
  TENANCY_SCHEMA,
  API_KEYS_SCHEMA,
  DEVICES_SCHEMA,
  ALERTS_SCHEMA,
  CONFIG_BACKUPS_SCHEMA,
  FIRMWARE_SCHEMA,
  NOTIFICATIONS_SCHEMA,
]);

/** For the `mikro-orm` command line; the application itself opens its connections in `libs/database`. */
export default ormOptions({
  url:
    ['DATABASE_MIGRATE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_URL'].map((name) => process.env[name]).find(Boolean) ??
    'postgresql://localhost/portal',
  role: undefined,
  max: 1,
  ...SCHEMA,
});
