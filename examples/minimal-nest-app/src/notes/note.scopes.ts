import type { ScopeCatalogueOptions } from '@latchkey/nestjs';

const BOTH = ['notes:read', 'notes:write'];

/** What a key may be let do with notes, and what each role opens. */
export const NOTE_ACCESS: ScopeCatalogueOptions = {
  scopes: [
    { name: 'notes:read', description: 'Read notes.' },
    { name: 'notes:write', description: 'Write notes.' },
  ],
  roleScopes: { VIEWER: ['notes:read'], OPERATOR: BOTH, TENANT_ADMIN: BOTH, SUPER_ADMIN: BOTH },
};
