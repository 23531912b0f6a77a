import type { ApiKeyStatus, UserKind, UserRole } from '../generated/graphql.js';

export const ROLE_WORDS: Readonly<Record<UserRole, string>> = {
  VIEWER: 'Viewer',
  OPERATOR: 'Operator',
  TENANT_ADMIN: 'Admin',
  SUPER_ADMIN: 'Super admin',
};

export const KIND_WORDS: Readonly<Record<UserKind, string>> = { HUMAN: 'Person', SERVICE: 'Service account' };

export const STATUS_WORDS: Readonly<Record<ApiKeyStatus, string>> = {
  ACTIVE: 'Active',
  EXPIRED: 'Expired',
  OWNER_INACTIVE: 'Owner inactive',
  PENDING: 'Waits for approval',
  POLICY_BLOCKED: 'Blocked by policy',
  REVOKED: 'Revoked',
  SUSPENDED: 'Suspended',
  TENANT_SUSPENDED: 'Tenant suspended',
};
