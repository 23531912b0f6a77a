import { type ApiKeysOptions, INTROSPECTION_SCOPES, type ScopeCatalogueOptions } from '@latchkey/nestjs';

const [READ, WRITE, VERIFY] = ['notes:read', 'notes:write', 'keys:verify'];

/** The scopes that keys can have, and the roles of their owners that open the scopes. */
export const ACCESS: ScopeCatalogueOptions = {
  scopes: [
    { name: READ, description: 'Read notes' },
    { name: WRITE, description: 'Add notes' },
    ...INTROSPECTION_SCOPES,
  ],
  roleScopes: {
    SUPER_ADMIN: [],
    TENANT_ADMIN: [READ, WRITE, VERIFY],
    OPERATOR: [READ, WRITE, VERIFY],
    VIEWER: [READ],
  },
};

export const API_KEYS: ApiKeysOptions = { prefix: 'rest', cacheSize: 10_000 };
