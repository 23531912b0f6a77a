import { Field, InputType, Int } from '@nestjs/graphql';
import { MEMBER_KEYS } from './api-key-policy.objects.js';
import type { MemberKeys } from '../words.js';

@InputType({
  description: 'Changes of the rules for keys: omitted members stay as they are; null clears what may be null.',
})
export class SetApiKeyPolicyInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Days of 24 hours from when a key was made, 1 to 3,650. Null: as many as they like.',
  })
  maxLifetimeDays?: number | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Days of 24 hours since its last use, 1 to 3,650. Null: as many as they like.',
  })
  maxInactiveDays?: number | null;
  @Field(() => Boolean, { nullable: true, description: 'Must every key have an `expiresAt`? May not be null.' })
  requireExpiry?: boolean | null;
  @Field(() => [String], {
    nullable: true,
    description: 'What keys may use; 1 to 50 known scopes, no repeats. Null: every scope.',
  })
  allowedScopes?: string[] | null;
  @Field(() => [String], {
    nullable: true,
    description:
      'IPv4 or IPv6 networks in CIDR form, at most 50, without bits behind the prefix. Null empties the list.',
  })
  allowedCidrs?: string[] | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Keys that can still work, for each owner: 1 to 10,000. Null: as many as they like.',
  })
  maxKeysPerOwner?: number | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Up to 7,776,000 (90 days); 0: an old secret ends at once. May not be null.',
  })
  maxRotationOverlapSeconds?: number | null;
  @Field(() => MEMBER_KEYS, {
    nullable: true,
    description: 'May users below TENANT_ADMIN make keys of their own? May not be null.',
  })
  memberKeys?: MemberKeys | null;
}
