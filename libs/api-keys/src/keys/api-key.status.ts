import type { UnauthenticatedReason } from '#access';

import type { ApiKeyStatus } from '../words.js';

/** Why a key that is not active is refused. */
export const UNUSABLE: Record<Exclude<ApiKeyStatus, 'ACTIVE'>, UnauthenticatedReason> = {
  REVOKED: 'REVOKED_KEY',
  EXPIRED: 'EXPIRED_KEY',
  SUSPENDED: 'SUSPENDED_KEY',
  OWNER_INACTIVE: 'OWNER_INACTIVE',
  TENANT_SUSPENDED: 'TENANT_SUSPENDED',
  POLICY_BLOCKED: 'POLICY_BLOCKED',
};
