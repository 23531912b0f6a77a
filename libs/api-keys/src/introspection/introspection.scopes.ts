import type { ScopeDescription } from '#access';

/** The scope of a service that verifies the keys of its own callers. */
export const INTROSPECTION_SCOPES: readonly ScopeDescription[] = [
  { name: 'keys:verify', description: "Verify the tenant's keys for another service (POST /keys/verify)." },
];
