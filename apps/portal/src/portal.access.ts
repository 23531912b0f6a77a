import type { ScopeCatalogueOptions } from '#access';
import { DEVICE_SCOPES } from '#devices';

const READING = ['devices:read', 'config:read', 'alerts:read'];
const OPERATING = [...READING, 'devices:write', 'config:write', 'firmware:write'];

/** Every scope of the portal, and what each role opens. */
export const PORTAL_ACCESS: ScopeCatalogueOptions = {
  scopes: [
    ...DEVICE_SCOPES,
    { name: 'config:read', description: 'See configuration backups.' },
    { name: 'config:write', description: 'Store configuration backups.' },
    { name: 'alerts:read', description: 'See alerts.' },
    { name: 'firmware:write', description: 'See, schedule and cancel firmware upgrades.' },
  ],
  roleScopes: { VIEWER: READING, OPERATOR: OPERATING, TENANT_ADMIN: OPERATING, SUPER_ADMIN: OPERATING },
};
