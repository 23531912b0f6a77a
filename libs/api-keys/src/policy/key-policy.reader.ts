import { sql } from 'kysely';
import { type Session } from '#database';
import { CAN_STILL_WORK_SQL } from '../keys/api-key-status.sql.js';
import type { ApiKeyPolicyTable } from './api-key-policy.entity.js';
import { DEFAULT_POLICY, type KeyPolicy } from './key-policy.rules.js';

interface PolicyTables {
  api_key_policies: ApiKeyPolicyTable;
}

/** A policy as answers show it. `updatedAt` is null where the tenant has set nothing. */
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
      'memberKeys',
      'updatedAt',
    ])
    .where('tenantId', '=', tenantId)
    .executeTakeFirst();
  return row ?? { ...DEFAULT_POLICY, updatedAt: null };
}

/**
 * The policy that a change of a key must keep to. The policy cannot change until the transaction of `session` ends, so a key is
 * either checked against the new policy or seen by the change of the policy.
 */
export async function policyForChange(session: Session, tenantId: string): Promise<KeyPolicy> {
  const lock = policyLock(tenantId);
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${lock}, 0))`.execute(session);
  return policyOf(session, tenantId);
}

/**
 * The policy that is about to be changed. Only one change runs at a time, and none while a key is being checked against the
 * present policy.
 */
export async function policyToSet(session: Session, tenantId: string): Promise<StoredKeyPolicy> {
  const lock = policyLock(tenantId);
  await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(session);
  return policyOf(session, tenantId);
}

/** Not a row lock: a tenant that has set nothing has no row. */
const policyLock = (tenantId: string) => `policy of tenant ${tenantId}`;

/**
 * The number of keys of `ownerId` that can still work. Until the transaction of `session` ends, no other transaction counts the
 * same owner's keys: two concurrent creations would each find the last place free.
 */
export async function countKeysOfOwner(session: Session, ownerId: string): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`keys of owner ${ownerId}`}, 0))`.execute(session);
  const { rows } = await sql<{ count: string }>`
    select count(*) as count from api_keys where user_id = ${ownerId} and ${sql.raw(CAN_STILL_WORK_SQL)}`.execute(
    session,
  );
  return Number(rows[0]?.count ?? 0);
}
