import type { ScopeDescription } from '#access';

/** The scopes a key can have for devices. */
export const DEVICE_SCOPES: readonly ScopeDescription[] = [
  { name: 'devices:read', description: 'See devices.' },
  { name: 'devices:write', description: 'Add, change and remove devices.' },
];
