/** In the order of precedence: the first that holds is the key's status. */
export const API_KEY_STATUSES = [
  'REVOKED',
  'EXPIRED',
  'SUSPENDED',
  'TENANT_SUSPENDED',
  'OWNER_INACTIVE',
  'PENDING',
  'POLICY_BLOCKED',
  'ACTIVE',
] as const;
export type ApiKeyStatus = (typeof API_KEY_STATUSES)[number];

/** What is recorded in the audit trail. */
export const API_KEY_EVENT_KINDS = [
  'CREATED',
  'UPDATED',
  'ROTATED',
  'ROTATION_COMPLETED',
  'SUSPENDED',
  'RESUMED',
  'REVOKED',
  'TRANSFERRED',
  'LEAK_REPORTED',
  'POLICY_CHANGED',
  'IMPORTED',
  'APPROVED',
  'REJECTED',
] as const;
export type ApiKeyEventKind = (typeof API_KEY_EVENT_KINDS)[number];

/** Why a key was ended. */
export const REVOCATION_REASONS = ['COMPROMISED', 'OWNER_LEFT', 'SUPERSEDED', 'UNUSED', 'POLICY', 'OTHER'] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/**
 * When a change is answered: with its commit, or when it is in force on every instance, whatever happens to any of them.
 */
export type Settled = 'COMMITTED' | 'EVERYWHERE';

/** May users below TENANT_ADMIN make keys of their own? `APPROVAL`: such a key works once an administrator has approved it. */
export const MEMBER_KEYS = ['NONE', 'APPROVAL', 'ALLOWED'] as const;
export type MemberKeys = (typeof MEMBER_KEYS)[number];
