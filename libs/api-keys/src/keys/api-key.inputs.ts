import { ArgsType, Field, ID, InputType, Int } from '@nestjs/graphql';
import { JSONObject, type JsonObject, TwoWayPageArguments } from '#kernel';
import { API_KEY_STATUS, REVOCATION_REASON, type RevocationReason } from './api-key.objects.js';
import type { ApiKeyOrder } from './api-key.order.policy.js';
import { API_KEY_ORDER_FIELD, ORDER_DIRECTION } from './api-key.order.objects.js';
import type { ApiKeyStatus } from './api-key.status.js';

@InputType('ApiKeyFilter', {
  description:
    'Which keys to list: all given members must hold. Without `status`, revoked and expired keys are left out.',
})
export class ApiKeyFilterInput {
  @Field(() => [API_KEY_STATUS], {
    nullable: true,
    description: 'Keys in one of these states. An empty list admits none.',
  })
  status?: ApiKeyStatus[] | null;
  @Field(() => ID, { nullable: true, description: 'Keys of this user.' })
  ownerId?: string | null;
  @Field(() => String, { nullable: true, description: 'A scope that was granted, whether in effect or not.' })
  scope?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Text within name, description or key prefix, at most 200 characters; case-insensitive, taken ' +
      'literally. It reads every key of the tenant.',
  })
  search?: string | null;
  @Field(() => Date, {
    nullable: true,
    description: 'Keys whose `expiresAt` is earlier; those that never expire are left out.',
  })
  expiresBefore?: Date | null;
  @Field(() => Date, {
    nullable: true,
    description: 'Keys that no request has used since; those that were never used, too.',
  })
  notUsedSince?: Date | null;
}

@InputType('ApiKeyOrder', { description: 'Ties are ordered by id; what has no such instant comes last either way.' })
export class ApiKeyOrderInput implements ApiKeyOrder {
  @Field(() => API_KEY_ORDER_FIELD, { description: 'By what the keys are ordered.' })
  field!: ApiKeyOrder['field'];
  @Field(() => ORDER_DIRECTION, { description: 'Which way the list runs.' })
  direction!: ApiKeyOrder['direction'];
}

@ArgsType()
export class ApiKeysArguments extends TwoWayPageArguments {
  @Field(() => ApiKeyFilterInput, {
    nullable: true,
    description: 'Omitted: every key that is neither revoked nor expired.',
  })
  filter?: ApiKeyFilterInput | null;
  @Field(() => ApiKeyOrderInput, { nullable: true, description: 'Default: `createdAt`, newest first.' })
  orderBy?: ApiKeyOrderInput | null;
}

@InputType({ description: 'One unit is one HTTP request that passed credential, network and access.' })
export class ApiKeyRateLimitInput {
  @Field(() => Int, { description: 'Requests within the window, 1 to 1,000,000.' })
  limit!: number;
  @Field(() => Int, { description: 'Length of the window, 1 to 86,400.' })
  windowSeconds!: number;
}

@InputType({ description: 'A new key: what it may do, for whom, from where and for how long.' })
export class CreateApiKeyInput {
  @Field({ description: '1 to 200 characters once trimmed; no control characters.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'At most 2,000 characters, with tabs and line breaks.' })
  description?: string | null;
  @Field(() => [String], {
    description:
      "1 to 50, no repeats; each must be known, opened by the caller's and by the owner's role, and " +
      'allowed by the policy.',
  })
  scopes!: string[];
  @Field(() => Date, {
    nullable: true,
    description:
      "At least 60 s and at most 10 years ahead, and within the tenant's policy. Omitted: never, where the " +
      'policy allows.',
  })
  expiresAt?: Date | null;
  @Field(() => ID, {
    nullable: true,
    description:
      'Default: the caller (a super admin must name one). A user of the same tenant, active: a person or a service account.',
  })
  ownerId?: string | null;
  @Field(() => [String], {
    nullable: true,
    description:
      'IPv4 or IPv6 networks in CIDR form, at most 50, without bits behind the prefix. Empty: from anywhere.',
  })
  allowedCidrs?: string[] | null;
  @Field(() => ApiKeyRateLimitInput, { nullable: true, description: 'How often it may be used. Null: unlimited.' })
  rateLimit?: ApiKeyRateLimitInput | null;
  @Field(() => JSONObject, { nullable: true, description: 'Anything of your own, at most 8 kB. Only sessions see it.' })
  metadata?: JsonObject | null;
  @Field(() => String, {
    nullable: true,
    description:
      '1 to 200 characters. The same input with the same one (24 h, same caller) returns the same key with `secret: null`; ' +
      'another input is a CONFLICT, ALREADY_EXISTS.',
  })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which keys to end: `ids`, or all keys of one owner; exactly one of the two.' })
export class RevokeApiKeysInput {
  @Field(() => [ID], { nullable: true, description: '1 to 100 keys; all or none of them.' })
  ids?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'Every key of this user.' })
  ownerId?: string | null;
  @Field(() => REVOCATION_REASON, { defaultValue: 'OTHER', description: 'Why; it is kept with the keys.' })
  reason!: RevocationReason;
  @Field(() => String, { nullable: true, description: 'At most 2,000 characters, for those who ask later.' })
  note?: string | null;
}
