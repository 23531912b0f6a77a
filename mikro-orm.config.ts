import { Alert } from '#alerts/entities';
import { ConfigBackup } from '#config-backups/entities';
import { ApiKey, ApiKeyEvent, ApiKeyScopeUse, ApiKeyUsageDay, ApiKeyUsageHour, FormerSecret } from '#api-keys/entities';
import { ormOptions } from '#database';
import { Device } from '#devices/entities';
import { FirmwareUpgrade } from '#firmware/entities';
import { Tenant, User } from '#tenancy/entities';

/** Every table of the application. */
export const ENTITIES = [
  Tenant,
  User,
  ApiKey,
  ApiKeyEvent,
  FormerSecret,
  ApiKeyUsageHour,
  ApiKeyUsageDay,
  ApiKeyScopeUse,
  Device,
  Alert,
  ConfigBackup,
  FirmwareUpgrade,
] as const;

/** For the `mikro-orm` command line; the application itself opens its connections in `libs/database`. */
export default ormOptions({
  url: process.env['DATABASE_DIRECT_URL'] ?? process.env['DATABASE_URL'] ?? 'postgresql://localhost/portal',
  role: undefined,
  max: 1,
  entities: ENTITIES,
});
