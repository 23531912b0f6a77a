/** In the order of precedence: the first that holds is the key's status. */
export const API_KEY_STATUSES = [
  'REVOKED',
  'EXPIRED',
  'SUSPENDED',
  'TENANT_SUSPENDED',
  'OWNER_INACTIVE',
  'POLICY_BLOCKED',
  'ACTIVE',
] as const;
export type ApiKeyStatus = (typeof API_KEY_STATUSES)[number];

/** Why a key was ended. */
export const REVOCATION_REASONS = ['COMPROMISED', 'OWNER_LEFT', 'SUPERSEDED', 'UNUSED', 'POLICY', 'OTHER'] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];
