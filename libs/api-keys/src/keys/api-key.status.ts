import type { UnauthenticatedReason } from '#access';
import type { ApiKeyStatus } from '../words.js';

/** The reason for refusing a key that is not active. */
export const UNUSABLE: Record<Exclude<ApiKeyStatus, 'ACTIVE'>, UnauthenticatedReason> = {
  REVOKED: 'REVOKED_KEY',
  EXPIRED: 'EXPIRED_KEY',
  SUSPENDED: 'SUSPENDED_KEY',
  OWNER_INACTIVE: 'OWNER_INACTIVE',
  TENANT_SUSPENDED: 'TENANT_SUSPENDED',
  PENDING: 'PENDING_KEY',
  POLICY_BLOCKED: 'POLICY_BLOCKED',
};
