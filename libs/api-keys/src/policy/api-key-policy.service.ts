import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Actor, TenantPrincipal } from '#access';
import { type Session, TenantDatabase } from '#database';
import type { Input } from '#kernel';
import { record } from '../audit/audit-trail.js';
import { diffBetween } from '../audit/changed-members.rules.js';
import { KeyAuthority } from '../keys/key-authority.js';
import type { KeyPolicy } from './key-policy.rules.js';
import { policyOf, policyToSet, type StoredKeyPolicy } from './key-policy.reader.js';
import { type KeyViolation, violationsOf } from './key-violations.sql.js';
import { type PolicyChange, readPolicyChange } from './policy-change.rules.js';

/** The tenant's own rules for its keys. */
@Injectable()
export class ApiKeyPolicyService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly authority: KeyAuthority,
  ) {}

  find(by: TenantPrincipal): Promise<StoredKeyPolicy> {
    return this.database.read(by, (session) => policyOf(session, by.tenantId));
  }

  /**
   * The report that `set` would return, without setting anything.
   * @throws {InvalidInput} all problems at once
   */
  preview(by: TenantPrincipal, input: Input<PolicyChange>): Promise<{ violations: KeyViolation[]; count: number }> {
    const change = this.read(input);
    return this.database.read(by, async (session) =>
      violationsOf(session, by.tenantId, { ...(await policyOf(session, by.tenantId)), ...change }),
    );
  }

  /**
   * Changes the policy. A change to the present values changes nothing, not even `updatedAt`, and writes no event.
   * @throws {InvalidInput} all problems at once
   * @throws {Unauthenticated} the caller lost its authority since the request was authenticated
   */
  set(
    by: Actor,
    input: Input<PolicyChange>,
  ): Promise<{ policy: StoredKeyPolicy; violations: KeyViolation[]; count: number }> {
    const change = this.read(input);
    return this.database.write(by, async (session) => {
      const before = await policyToSet(session, by.tenantId);
      await this.authority.caller(session, by);
      const after = { ...before, ...change };
      const changes = diffBetween(before, after);
      if (Object.keys(changes).length > 0) {
        await store(session, by.tenantId, after);
        await record(session, by, { kind: 'POLICY_CHANGED', changes });
      }
      const found = await violationsOf(session, by.tenantId, after);
      return { policy: await policyOf(session, by.tenantId), ...found };
    });
  }

  private read(input: Input<PolicyChange>): Partial<KeyPolicy> {
    return input.read((change) => readPolicyChange(change, this.authority.ceiling()));
  }
}

async function store(session: Session, tenantId: string, policy: KeyPolicy): Promise<void> {
  const allowedScopes = policy.allowedScopes && JSON.stringify(policy.allowedScopes);
  await sql`
    insert into api_key_policies
      (tenant_id, max_lifetime_days, max_inactive_days, require_expiry, allowed_scopes, allowed_cidrs,
       max_keys_per_owner, max_rotation_overlap_seconds, member_keys, updated_at)
    values
      (${tenantId}, ${policy.maxLifetimeDays}, ${policy.maxInactiveDays}, ${policy.requireExpiry},
       ${allowedScopes}::jsonb, ${JSON.stringify(policy.allowedCidrs)}::jsonb,
       ${policy.maxKeysPerOwner}, ${policy.maxRotationOverlapSeconds}, ${policy.memberKeys}, now())
    on conflict (tenant_id) do update set
      max_lifetime_days = excluded.max_lifetime_days, max_inactive_days = excluded.max_inactive_days,
      require_expiry = excluded.require_expiry, allowed_scopes = excluded.allowed_scopes,
      allowed_cidrs = excluded.allowed_cidrs, max_keys_per_owner = excluded.max_keys_per_owner,
      max_rotation_overlap_seconds = excluded.max_rotation_overlap_seconds, member_keys = excluded.member_keys,
      updated_at = excluded.updated_at`.execute(session);
}
