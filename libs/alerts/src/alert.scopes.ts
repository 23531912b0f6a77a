import type { ScopeDescription } from '#access';

/** What of alerts a key may be let do. */
export const ALERT_SCOPES: readonly ScopeDescription[] = [{ name: 'alerts:read', description: 'See alerts.' }];
