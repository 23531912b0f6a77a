import type { UserRole } from '#access';
import { type ApiKeyStatus, STATUS_SQL } from './api-key.status.js';

/** One key with all that a verdict on it rests on. */
export interface VerdictRow {
  hash: string;
  apiKeyId: string;
  tenantId: string;
  userId: string;
  role: UserRole;
  scopes: unknown;
  status: ApiKeyStatus;
  /** Milliseconds, by the database's clock, until the verdict changes of itself; null: never. */
  msLeft: number | null;
}

/**
 * Key, owner and tenant in one read. The only statement of this room that reads tables of another: a verdict in one
 * round trip is worth it. Every column it rests on is one that the change triggers watch (a test compares them).
 */
const selectVerdicts = (hashes: string): string => `
  select api_keys.key_hash as hash, api_keys.id as "apiKeyId", api_keys.tenant_id as "tenantId",
         users.id as "userId", users.role, api_keys.scopes, ${STATUS_SQL} as status,
         extract(epoch from api_keys.expires_at - now())::float8 * 1000 as "msLeft"
  from api_keys
  join users on users.id = api_keys.user_id
  join tenants on tenants.id = api_keys.tenant_id
  where api_keys.key_hash ${hashes}`;

/** `$1`: one hash. */
export const VERDICT_SQL = selectVerdicts('= $1');
/** `$1`: an array of hashes. */
export const VERDICTS_SQL = selectVerdicts('= any($1::text[])');
