import type { UnauthenticatedReason } from '#access';

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

/** Why a key that is not active is refused. */
export const UNUSABLE: Record<Exclude<ApiKeyStatus, 'ACTIVE'>, UnauthenticatedReason> = {
  REVOKED: 'REVOKED_KEY',
  EXPIRED: 'EXPIRED_KEY',
  SUSPENDED: 'SUSPENDED_KEY',
  OWNER_INACTIVE: 'OWNER_INACTIVE',
  TENANT_SUSPENDED: 'TENANT_SUSPENDED',
  POLICY_BLOCKED: 'POLICY_BLOCKED',
};

/**
 * The status of a row of `api_keys`, left joined with its owner (`users`) and its `tenants` row. The only place that
 * decides it: verification, lists and filters all select this. By the database's clock; a key is dead from `expires_at` on,
 * an expiry that is not provably ahead has passed, and
 * an owner who is of another tenant by now is none.
 */
export const STATUS_SQL = `case
  when api_keys.revoked_at is not null then 'REVOKED'
  when api_keys.expires_at is not null and (api_keys.expires_at > now()) is not true then 'EXPIRED'
  when api_keys.suspended_at is not null then 'SUSPENDED'
  when tenants.suspended_at is not null then 'TENANT_SUSPENDED'
  when users.is_active is not true or users.tenant_id is distinct from api_keys.tenant_id then 'OWNER_INACTIVE'
  else 'ACTIVE'
end`;
