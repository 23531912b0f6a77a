import type { ScopeDescription } from '#access';

/** What of devices a key may be let do. */
export const DEVICE_SCOPES: readonly ScopeDescription[] = [
  { name: 'devices:read', description: 'See devices.' },
  { name: 'devices:write', description: 'Add, change and remove devices.' },
];
