import type { ApiKeysOptions, ScopeCatalogueOptions } from '@latchkey/nestjs';
import { API_KEYS_SCHEMA, composeSchema, hostOwners, TENANCY_SCHEMA } from '@latchkey/nestjs/schema';

/** The tables of this application that say who owns a key, as SQL over their rows. */
const owners = hostOwners({
  tenants: { table: 'account', id: 'id', name: 'name', isSuspended: '"closedAt" is not null' },
  users: {
    table: 'member',
    id: 'id',
    tenantId: '"accountId"',
    role: `case when "isAdmin" then 'TENANT_ADMIN' else 'OPERATOR' end`,
    isActive: '"isActive"',
    email: 'email',
  },
});

/** The tables of Latchkey lie in a PostgreSQL schema of their own. */
export const SCHEMA = composeSchema([TENANCY_SCHEMA, API_KEYS_SCHEMA, owners], { schema: 'latchkey' });

export const ACCESS: ScopeCatalogueOptions = {
  scopes: [{ name: 'members:read', description: 'Read members' }],
  roleScopes: { SUPER_ADMIN: [], TENANT_ADMIN: ['members:read'], OPERATOR: ['members:read'], VIEWER: [] },
};

export const API_KEYS: ApiKeysOptions = { prefix: 'crm', cacheSize: 10_000 };
