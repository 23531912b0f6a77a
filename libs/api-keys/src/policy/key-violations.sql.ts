import { sql } from 'kysely';
import { type Session } from '#database';
import { LIMITS } from '#kernel';
import { BLOCKING_RULES_SQL, CAN_STILL_WORK_SQL } from '../keys/api-key-status.sql.js';
import { type ApiKeyRow, keysByIds } from '../keys/api-key.reader.js';
import type { KeyPolicy, PolicyRule } from './key-policy.rules.js';

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
