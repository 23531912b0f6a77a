import type { ScopeCatalogueOptions } from '#access';
import { ALERT_SCOPES } from '#alerts';
import { CONFIG_BACKUP_SCOPES } from '#config-backups';
import { DEVICE_SCOPES } from '#devices';
import { FIRMWARE_SCOPES } from '#firmware';

const READING = ['devices:read', 'config:read', 'alerts:read'];
const OPERATING = [...READING, 'devices:write', 'config:write', 'firmware:write'];

/** Every scope of the portal, and what each role opens. */
export const PORTAL_ACCESS: ScopeCatalogueOptions = {
  scopes: [...DEVICE_SCOPES, ...CONFIG_BACKUP_SCOPES, ...ALERT_SCOPES, ...FIRMWARE_SCOPES],
  roleScopes: { VIEWER: READING, OPERATOR: OPERATING, TENANT_ADMIN: OPERATING, SUPER_ADMIN: OPERATING },
};
