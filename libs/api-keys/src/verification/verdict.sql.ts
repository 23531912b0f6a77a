import type { UserRole } from '#access';
import { EFFECTIVE_EXPIRES_AT_SQL, STATUS_SQL } from '../keys/api-key-status.sql.js';
import type { ApiKeyStatus } from '../words.js';

/** One secret's key, with all data that a verdict on it depends on. */
export interface VerdictRow {
  hash: string;
  apiKeyId: string;
  tenantId: string;
  userId: string;
  role: UserRole;
  scopes: unknown;
  status: ApiKeyStatus;
  /** Number of the secret within the key. */
  secretNumber: number;
  /** True for a new secret that nobody has used, beside an old one that still works. */
  awaitsFirstUse: boolean;
  allowedCidrs: unknown;
  rateLimit: number | null;
  rateLimitWindowSeconds: number | null;
  policyScopes: unknown;
  policyCidrs: unknown;
  /** Milliseconds, by the database's clock, until the verdict changes by itself; null: never. */
  msLeft: number | null;
  /** The same instant, in milliseconds since 1970. */
  endsAtMs: number | null;
}

const IS_PREVIOUS = 'secret.number = api_keys.previous_secret_number';
const ENDS_AT = `least(${EFFECTIVE_EXPIRES_AT_SQL}, case when ${IS_PREVIOUS} then api_keys.previous_expires_at end)`;

/**
 * Reads key, owner, tenant and policy together, by the unique indexes on hashes. A verdict in one round trip is worth reading
 * tables of another room. Every column that the verdict depends on is watched by the change triggers (a test compares the two).
 */
const selectVerdicts = (hashes: string): string => `
  select secret.hash, api_keys.id as "apiKeyId", api_keys.tenant_id as "tenantId", users.id as "userId", users.role,
         api_keys.scopes, secret.number as "secretNumber",
         api_keys.allowed_cidrs as "allowedCidrs", api_keys.rate_limit as "rateLimit",
         api_keys.rate_limit_window_seconds as "rateLimitWindowSeconds",
         api_key_policies.allowed_scopes as "policyScopes",
         coalesce(api_key_policies.allowed_cidrs, '[]') as "policyCidrs",
         case
           when secret.number = api_keys.secret_number or ${IS_PREVIOUS} and api_keys.previous_expires_at > now()
           then ${STATUS_SQL} else 'REVOKED'
         end as status,
         coalesce(secret.number = api_keys.secret_number and api_keys.new_first_used_at is null
           and api_keys.previous_expires_at > now(), false) as "awaitsFirstUse",
         extract(epoch from ${ENDS_AT} - now())::float8 * 1000 as "msLeft",
         extract(epoch from ${ENDS_AT})::float8 * 1000 as "endsAtMs"
  from (
    select key_hash, id, tenant_id, secret_number from api_keys where key_hash ${hashes}
    union all
    select key_hash, api_key_id, tenant_id, secret_number from api_key_former_secrets where key_hash ${hashes}
  ) as secret (hash, key_id, tenant_id, number)
  join api_keys on api_keys.id = secret.key_id and api_keys.tenant_id = secret.tenant_id
  join users on users.id = api_keys.user_id
  join tenants on tenants.id = api_keys.tenant_id
  left join api_key_policies on api_key_policies.tenant_id = api_keys.tenant_id`;

/** `$1`: one hash. */
export const VERDICT_SQL = selectVerdicts('= $1');
/** `$1`: an array of hashes. */
export const VERDICTS_SQL = selectVerdicts('= any($1::text[])');
