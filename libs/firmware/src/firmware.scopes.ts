import type { ScopeDescription } from '#access';

/** The scopes a key can have for firmware. No scope covers reading alone: a key that may schedule upgrades may also read them. */
export const FIRMWARE_SCOPES: readonly ScopeDescription[] = [
  { name: 'firmware:write', description: 'See, schedule and cancel firmware upgrades.' },
];
