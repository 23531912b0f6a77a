import type { ScopeCatalogueOptions } from '#access';
import { ALERT_SCOPES } from '#alerts';
import { INTROSPECTION_SCOPES } from '#api-keys';
import { CONFIG_BACKUP_SCOPES } from '#config-backups';
import { DEVICE_SCOPES } from '#devices';
import { FIRMWARE_SCOPES } from '#firmware';

const READING = ['devices:read', 'config:read', 'alerts:read'];
const OPERATING = [...READING, 'devices:write', 'config:write', 'firmware:write'];
const ADMINISTERING = [...OPERATING, 'keys:verify'];

const PRESETS = [
  { name: 'read-only', description: 'Reads everything and changes nothing.', scopes: READING },
  { name: 'monitoring', description: 'Reads devices and alerts.', scopes: ['devices:read', 'alerts:read'] },
  {
    name: 'configuration',
    description: 'Reads devices, and reads and stores their configurations.',
    scopes: ['devices:read', 'config:read', 'config:write'],
  },
];

/** Every scope of the portal, what each role opens, and common choices. */
export const PORTAL_ACCESS: ScopeCatalogueOptions = {
  scopes: [...DEVICE_SCOPES, ...CONFIG_BACKUP_SCOPES, ...ALERT_SCOPES, ...FIRMWARE_SCOPES, ...INTROSPECTION_SCOPES],
  roleScopes: { VIEWER: READING, OPERATOR: OPERATING, TENANT_ADMIN: ADMINISTERING, SUPER_ADMIN: ADMINISTERING },
  presets: PRESETS,
};
