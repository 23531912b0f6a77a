import { Field, ID, InputType, Int } from '@nestjs/graphql';
import type { JsonObject } from '#kernel';
import { describedEnum, JSONObject } from '#graphql';
import { ApiKeyFilterInput } from '../keys/api-key.inputs.js';
import { REVOCATION_REASON } from '../keys/api-key.objects.js';
import type { RevocationReason, Settled } from '../words.js';
import { ApiKeyRateLimitInput } from './key-creation.inputs.js';

const SETTLED = describedEnum<Settled>('Settled', 'When a change is answered.', {
  COMMITTED: 'With its commit. Other instances follow within milliseconds, in the worst case within 2 s.',
  EVERYWHERE: 'When no instance can accept the key any more, whatever happens to any of them: 1.5 s later.',
});

@InputType({ description: 'Changes of a key: omitted members stay as they are; null clears what may be null.' })
export class UpdateApiKeyInput {
  @Field(() => ID, { description: 'The key to change.' })
  id!: string;
  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` that you have seen; CONFLICT (VERSION_MISMATCH) where the key has another. Omitted: ' +
      'not compared.',
  })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: '1 to 200 characters once trimmed; no control characters.' })
  name?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'At most 2,000 characters, with tabs and line breaks. Null: none.',
  })
  description?: string | null;
  @Field(() => [String], {
    nullable: true,
    description:
      '1 to 50, no repeats. Taking some away is always allowed; adding one needs what making a key with ' +
      'all of them needs.',
  })
  scopes?: string[] | null;
  @Field(() => Date, {
    nullable: true,
    description:
      'At least 60 s and at most 10 years ahead. Null: never, where the policy allows. A later one revives ' +
      'an expired key.',
  })
  expiresAt?: Date | null;
  @Field(() => [String], {
    nullable: true,
    description:
      'IPv4 or IPv6 networks in CIDR form, at most 50, without bits behind the prefix. Empty or null: from ' +
      'anywhere.',
  })
  allowedCidrs?: string[] | null;
  @Field(() => ApiKeyRateLimitInput, { nullable: true, description: 'How often the key may be used. Null: unlimited.' })
  rateLimit?: ApiKeyRateLimitInput | null;
  @Field(() => JSONObject, {
    nullable: true,
    description: 'Takes the place of what was there; at most 8 kB. Null: none.',
  })
  metadata?: JsonObject | null;
}

@InputType({ description: 'Which key gets a new secret, and how long the old one lives on.' })
export class RotateApiKeyInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Omitted: the key that makes this request. A session must name one (REQUIRED).',
  })
  id?: string | null;
  @Field(() => Int, {
    defaultValue: 86_400,
    description:
      "How long the old secret still opens the key. 0 ends it at once; cut to the policy's maximum and to " +
      "the key's expiry (see `rotation.previousExpiresAt` of the answer).",
  })
  overlapSeconds!: number;
  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` that you have seen; CONFLICT (VERSION_MISMATCH) where the key has another. Omitted: ' +
      'not compared.',
  })
  expectedVersion?: number | null;
}

@InputType({
  description:
    'Which keys to end: `ids`, all keys of one owner, or all that a filter admits; exactly one of the three.',
})
export class RevokeApiKeysInput {
  @Field(() => [ID], { nullable: true, description: '1 to 100 keys; all or none of them.' })
  ids?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'Every key of this user.' })
  ownerId?: string | null;
  @Field(() => ApiKeyFilterInput, {
    nullable: true,
    description: 'Every key that it admits, as `apiKeys` lists them. It needs `expectedCount`.',
  })
  filter?: ApiKeyFilterInput | null;
  @Field(() => Int, {
    nullable: true,
    description:
      'How many keys the filter would end, as you have counted them; CONFLICT (COUNT_MISMATCH, with `actualCount`) where ' +
      'it is another number, and none ends.',
  })
  expectedCount?: number | null;
  @Field(() => REVOCATION_REASON, { defaultValue: 'OTHER', description: 'Why; it is kept with the keys.' })
  reason!: RevocationReason;
  @Field(() => String, { nullable: true, description: 'At most 2,000 characters, for those who ask later.' })
  note?: string | null;
  @Field(() => SETTLED, { defaultValue: 'COMMITTED', description: 'When to answer.' })
  wait!: Settled;
}
