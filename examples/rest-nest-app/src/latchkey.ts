import type { ApiKeysOptions, ScopeCatalogueOptions } from '@latchkey/nestjs';

const [READ, WRITE] = ['notes:read', 'notes:write'];

/** The scopes that keys can have, and the roles of their owners that open the scopes. */
export const ACCESS: ScopeCatalogueOptions = {
  scopes: [
    { name: READ, description: 'Read notes' },
    { name: WRITE, description: 'Add notes' },
  ],
  roleScopes: { SUPER_ADMIN: [], TENANT_ADMIN: [READ, WRITE], OPERATOR: [READ, WRITE], VIEWER: [READ] },
};

export const API_KEYS: ApiKeysOptions = { prefix: 'rest', cacheSize: 10_000 };
