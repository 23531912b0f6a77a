import type { ScopeDescription } from '#access';

/** What of firmware a key may be let do. There is no scope for reading alone: who may schedule may look. */
export const FIRMWARE_SCOPES: readonly ScopeDescription[] = [
  { name: 'firmware:write', description: 'See, schedule and cancel firmware upgrades.' },
];
