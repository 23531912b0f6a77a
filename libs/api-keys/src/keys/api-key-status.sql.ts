/** The end of a period in days. Each day has 24 hours, whatever the session's time zone. */
const after = (start: string, days: string) => `${start} + make_interval(hours => 24 * ${days})`;

/** The end that the key itself has; null: none. */
const END = 'least(api_keys.expires_at, api_keys.pending_until)';
/** For a key that was never used, the time of its creation counts. */
const OLD_AGE = after('api_keys.created_at', 'api_key_policies.max_lifetime_days');
const INACTIVITY = after('greatest(api_keys.created_at, api_keys.last_used_at)', 'api_key_policies.max_inactive_days');

/**
 * The rules of a tenant's policy that block a key at use, by the policy's members, over `api_keys` and its `api_key_policies`
 * row. A null member blocks nothing, and neither does a missing policy.
 */
export const BLOCKING_RULES_SQL = {
  requireExpiry: 'api_key_policies.require_expiry and api_keys.expires_at is null',
  maxLifetimeDays: `${OLD_AGE} <= now()`,
  maxInactiveDays: `${INACTIVITY} <= now()`,
} as const;

/**
 * When a key stops working, or its request for approval ends, if nothing changes; null: never. Uses the same tables as the status.
 */
export const EFFECTIVE_EXPIRES_AT_SQL = `least(${END}, ${OLD_AGE}, ${INACTIVITY})`;

/**
 * The terms that `EFFECTIVE_EXPIRES_AT_SQL` chooses from, as rows: the end of each, null for none, and the instant at which the term
 * began.
 */
export const TERMS_SQL = `values
  (api_keys.expires_at, api_keys.created_at),
  (api_keys.pending_until, api_keys.created_at),
  (${OLD_AGE}, api_keys.created_at),
  (${INACTIVITY}, greatest(api_keys.created_at, api_keys.last_used_at))`;

/**
 * The status of a row of `api_keys`, left joined with its owner (`users`), its `tenants` row and its tenant's `api_key_policies`
 * row. This is the only place that decides the status: verification, lists and filters all select this expression. Uses the
 * database's clock. A key is dead from `expires_at` on, and a request that nobody has answered from `pending_until` on. An expiry
 * that is not certainly in the future counts as past. An owner who now belongs to another tenant counts as no owner.
 */
export const STATUS_SQL = `case
  when api_keys.revoked_at is not null then 'REVOKED'
  when ${END} is not null and (${END} > now()) is not true then 'EXPIRED'
  when api_keys.suspended_at is not null then 'SUSPENDED'
  when tenants.suspended_at is not null then 'TENANT_SUSPENDED'
  when users.is_active is not true or users.tenant_id is distinct from api_keys.tenant_id then 'OWNER_INACTIVE'
  when api_keys.pending_until is not null then 'PENDING'
  when ${Object.values(BLOCKING_RULES_SQL)
    .map((rule) => `(${rule})`)
    .join(' or ')} then 'POLICY_BLOCKED'
  else 'ACTIVE'
end`;

/**
 * True for a key that is neither revoked nor expired: suspended and blocked keys may work again, and pending ones may be approved.
 * Over `api_keys`.
 */
export const CAN_STILL_WORK_SQL = `(api_keys.revoked_at is null and (${END} is null or ${END} > now()))`;

/** The kind of a key's owner, over the same tables as the status. */
export const OWNER_KIND_SQL = 'users.kind';
