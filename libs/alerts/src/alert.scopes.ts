import type { ScopeDescription } from '#access';

/** The scopes a key can have for alerts. */
export const ALERT_SCOPES: readonly ScopeDescription[] = [{ name: 'alerts:read', description: 'See alerts.' }];
