import type { ScopeDescription } from '#access';

/** The scopes a key can have for configuration backups. */
export const CONFIG_BACKUP_SCOPES: readonly ScopeDescription[] = [
  { name: 'config:read', description: 'See configuration backups.' },
  { name: 'config:write', description: 'Store configuration backups.' },
];
