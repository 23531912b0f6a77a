import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { ScopeCatalogue } from '#access';
import { describedEnum } from '#graphql';
import { ApiKeyObject } from '../keys/api-key.objects.js';
import type { StoredKeyPolicy } from './key-policy.reader.js';
import type { KeyViolation } from './key-violations.sql.js';
import type { MemberKeys } from '../words.js';

export const MEMBER_KEYS = describedEnum<MemberKeys>(
  'MemberKeys',
  'May users below TENANT_ADMIN make keys of their own?',
  {
    NONE: 'No. Their existing keys stay theirs, to narrow and to end.',
    APPROVAL: 'Yes; a new key opens nothing until an admin has approved it.',
    ALLOWED: 'Yes, within their own role.',
  },
);

@ObjectType('ApiKeyPolicy', {
  description:
    "A tenant's own rules. At use: `requireExpiry`, `maxLifetimeDays` and `maxInactiveDays` block a key " +
    '(POLICY_BLOCKED) without destroying it, `allowedScopes` cut its scopes, `allowedCidrs` answer IP_NOT_ALLOWED. ' +
    'At creation, update and rotation all of them hold; `maxKeysPerOwner` at creation only (keys that can still work count).',
})
export class ApiKeyPolicyObject {
  @Field(() => Int, {
    nullable: true,
    description: 'How many days of 24 hours after it was made a key works at most. Null: as many as they like.',
  })
  maxLifetimeDays!: number | null;
  @Field(() => Int, {
    nullable: true,
    description: 'How many days of 24 hours a key may go unused. Null: as many as they like.',
  })
  maxInactiveDays!: number | null;
  @Field({ description: 'Must every key have an `expiresAt`?' })
  requireExpiry!: boolean;
  @Field(() => [String], { nullable: true, description: 'What keys may use; other scopes are cut. Null: every scope.' })
  allowedScopes!: readonly string[] | null;
  @Field(() => [String], {
    description: "Networks that keys may be used from, on top of each key's own list. Empty: from anywhere.",
  })
  allowedCidrs!: readonly string[];
  @Field(() => Int, {
    nullable: true,
    description: 'How many keys that can still work a user may own. Null: as many as they like.',
  })
  maxKeysPerOwner!: number | null;
  @Field(() => Int, {
    description: 'How long an old secret may outlive its rotation, at most. 604,800 (7 days) unless set.',
  })
  maxRotationOverlapSeconds!: number;
  @Field(() => MEMBER_KEYS, { description: 'May users below TENANT_ADMIN make keys of their own? NONE unless set.' })
  memberKeys!: MemberKeys;
  @Field(() => Date, { nullable: true, description: 'Null: the tenant has set nothing, these are the defaults.' })
  updatedAt!: Date | null;

  static from(policy: StoredKeyPolicy): ApiKeyPolicyObject {
    return Object.assign(new ApiKeyPolicyObject(), policy);
  }
}

@ObjectType({
  description:
    'A key that a policy takes something from as of now: it is blocked, it has scopes that are cut, or its own networks ' +
    'are not all within those allowed. Revoked and expired keys are none.',
})
export class PolicyViolation {
  @Field(() => ApiKeyObject, { description: 'The key that the policy takes something from.' })
  apiKey!: ApiKeyObject;
  @Field(() => [String], { description: "Names of the policy's members that the key breaks." })
  rules!: string[];

  static from({ key, rules }: KeyViolation, catalogue: ScopeCatalogue): PolicyViolation {
    return { apiKey: ApiKeyObject.from(key, catalogue), rules };
  }
}

@ObjectType({ description: 'The answer of `setApiKeyPolicy`. At most 100 violations are listed; the count is whole.' })
export class SetApiKeyPolicyPayload {
  @Field(() => ApiKeyPolicyObject, { description: 'The rules as they are now.' })
  policy!: ApiKeyPolicyObject;
  @Field(() => [PolicyViolation], { description: 'Keys that break them, oldest first.' })
  violations!: PolicyViolation[];
  @Field(() => Int, { description: 'How many keys break them, beyond those listed, too.' })
  violationCount!: number;
}
