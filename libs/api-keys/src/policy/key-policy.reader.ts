import { sql } from 'kysely';
import { type Session } from '#database';
import { LIMITS } from '#kernel';
import { type ApiKeyRow, type ApiKeyTables, keysByIds } from '../keys/api-key.reader.js';
import { BLOCKING_RULES_SQL } from '../keys/api-key.status.js';
import type { ApiKeyPolicyTable } from './api-key-policy.entity.js';
import { DEFAULT_POLICY, type KeyPolicy, type PolicyRule } from './key-policy.rules.js';

/** The table that this folder owns, beside those that the status of a key rests on. */
export interface PolicyTables extends Omit<ApiKeyTables, 'api_key_policies'> {
  api_key_policies: ApiKeyPolicyTable;
}

/** A policy as it goes out. `updatedAt` is null where the tenant has set nothing. */
export type StoredKeyPolicy = KeyPolicy & { readonly updatedAt: Date | null };

export async function policyOf(session: Session, tenantId: string): Promise<StoredKeyPolicy> {
  const row = await session
    .tables<PolicyTables>()
    .selectFrom('api_key_policies')
    .select([
      'maxLifetimeDays',
      'maxInactiveDays',
      'requireExpiry',
      'allowedScopes',
      'allowedCidrs',
      'maxKeysPerOwner',
      'maxRotationOverlapSeconds',
      'updatedAt',
    ])
    .where('tenantId', '=', tenantId)
    .executeTakeFirst();
  return row ?? { ...DEFAULT_POLICY, updatedAt: null };
}

/**
 * The policy that a change of a key must keep to. It cannot be changed until the transaction of `session` ends, so that a
 * key is either held to the new policy or seen by the one who sets it.
 */
export async function policyForChange(session: Session, tenantId: string): Promise<KeyPolicy> {
  const lock = policyLock(tenantId);
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${lock}, 0))`.execute(session);
  return policyOf(session, tenantId);
}

/** The policy that is about to be set: one change at a time, and none while keys are held to the present one. */
export async function policyToSet(session: Session, tenantId: string): Promise<StoredKeyPolicy> {
  const lock = policyLock(tenantId);
  await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(session);
  return policyOf(session, tenantId);
}

/** Not a lock of the row: a tenant that has set nothing has none. */
const policyLock = (tenantId: string) => `policy of tenant ${tenantId}`;

export interface KeyViolation {
  key: ApiKeyRow;
  rules: PolicyRule[];
}

/** A network of the key's own list that lies in none of the policy's. What is no network at all lies in none. */
const HAS_FOREIGN_NETWORK = `jsonb_array_length(api_key_policies.allowed_cidrs) > 0 and exists (
  select from jsonb_array_elements_text(api_keys.allowed_cidrs) as own
  where not exists (
    select from jsonb_array_elements_text(api_key_policies.allowed_cidrs) as allowed
    where case when pg_input_is_valid(own, 'inet') and pg_input_is_valid(allowed, 'inet')
               then own::inet <<= allowed::inet end))`;

/** What takes something from a key today: blocks it, cuts its scopes, or refuses networks that its own list admits. */
const BROKEN_RULES: Partial<Record<PolicyRule, string>> = {
  maxLifetimeDays: BLOCKING_RULES_SQL.maxLifetimeDays,
  maxInactiveDays: BLOCKING_RULES_SQL.maxInactiveDays,
  requireExpiry: BLOCKING_RULES_SQL.requireExpiry,
  allowedScopes: 'not api_key_policies.allowed_scopes @> api_keys.scopes',
  allowedCidrs: HAS_FOREIGN_NETWORK,
};

/**
 * The keys that `policy` takes something from, oldest first, at most 100, and how many there are. Keys that can no
 * longer work are left out. One pass over the tenant's keys.
 */
export async function violationsOf(
  session: Session,
  tenantId: string,
  policy: KeyPolicy,
): Promise<{ violations: KeyViolation[]; count: number }> {
  const rules = Object.entries(BROKEN_RULES).map(([name, rule]) => `case when ${rule} then '${name}' end`);
  const { rows } = await sql<{ id: string; rules: PolicyRule[]; count: string }>`
    select id, rules, count(*) over () as count
    from (
      select api_keys.id, api_keys.created_at, array_remove(array[${sql.raw(rules.join(', '))}], null) as rules
      from api_keys
      cross join (
        select ${policy.maxLifetimeDays}::integer as max_lifetime_days,
               ${policy.maxInactiveDays}::integer as max_inactive_days,
               ${policy.requireExpiry}::boolean as require_expiry,
               ${policy.allowedScopes && JSON.stringify(policy.allowedScopes)}::jsonb as allowed_scopes,
               ${JSON.stringify(policy.allowedCidrs)}::jsonb as allowed_cidrs
      ) as api_key_policies
      where api_keys.tenant_id = ${tenantId} and ${sql.raw(CAN_STILL_WORK_SQL)}
    ) as judged
    where cardinality(rules) > 0
    order by created_at, id
    limit ${LIMITS.listed}`.execute(session);
  const keys = await keysByIds(
    session,
    rows.map(({ id }) => id),
  );
  const rulesById = new Map(rows.map(({ id, rules }) => [id, rules]));
  const violations = keys.map((key) => ({ key, rules: rulesById.get(key.id) ?? [] }));
  return { violations, count: Number(rows[0]?.count ?? 0) };
}

/** Neither revoked nor expired: suspended and blocked keys may work again. Over `api_keys`. */
const CAN_STILL_WORK_SQL =
  '(api_keys.revoked_at is null and (api_keys.expires_at is null or api_keys.expires_at > now()))';

/**
 * How many keys of `ownerId` can still work. Until the transaction of `session` ends nobody else counts the same owner's:
 * two creations at once would each find the last place free.
 */
export async function countKeysOfOwner(session: Session, ownerId: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`keys of owner ${ownerId}`}, 0))`.execute(session);
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from api_keys where user_id = ${ownerId} and ${sql.raw(CAN_STILL_WORK_SQL)}`.execute(
    session,
  );
  return Number(rows[0]?.count ?? 0);
}
