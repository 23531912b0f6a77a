import type { ScopeDescription } from '#access';

/** What of configuration backups a key may be let do. */
export const CONFIG_BACKUP_SCOPES: readonly ScopeDescription[] = [
  { name: 'config:read', description: 'See configuration backups.' },
  { name: 'config:write', description: 'Store configuration backups.' },
];
