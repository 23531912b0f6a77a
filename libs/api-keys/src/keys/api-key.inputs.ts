import { ArgsType, Field, ID, InputType, Int } from '@nestjs/graphql';
import { JSONObject, type JsonObject, type PageArguments } from '#kernel';
import { API_KEY_STATUS, REVOCATION_REASON, type RevocationReason } from './api-key.objects.js';
import type { ApiKeyOrder } from './api-key.order.policy.js';
import { API_KEY_ORDER_FIELD, ORDER_DIRECTION } from './api-key.order.objects.js';
import type { ApiKeyStatus } from './api-key.status.js';

@InputType('ApiKeyFilter', {
  description: 'All given members must hold. Without `status`, revoked and expired keys are left out.',
})
export class ApiKeyFilterInput {
  @Field(() => [API_KEY_STATUS], { nullable: true })
  status?: ApiKeyStatus[] | null;
  @Field(() => ID, { nullable: true })
  ownerId?: string | null;
  @Field(() => String, { nullable: true, description: 'A scope that was granted, whether in effect or not.' })
  scope?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'In name, description or key prefix; case-insensitive, taken literally.',
  })
  search?: string | null;
  @Field(() => Date, { nullable: true, description: 'Keys that never expire are left out.' })
  expiresBefore?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Also finds keys that were never used.' })
  notUsedSince?: Date | null;
}

@InputType('ApiKeyOrder', { description: 'Ties are ordered by id; what has no such instant comes last either way.' })
export class ApiKeyOrderInput implements ApiKeyOrder {
  @Field(() => API_KEY_ORDER_FIELD)
  field!: ApiKeyOrder['field'];
  @Field(() => ORDER_DIRECTION)
  direction!: ApiKeyOrder['direction'];
}

@ArgsType()
export class ApiKeysArguments implements PageArguments {
  @Field(() => Int, { nullable: true, description: '1 to 100, default 20.' })
  first?: number | null;
  @Field(() => String, { nullable: true })
  after?: string | null;
  @Field(() => Int, { nullable: true, description: '1 to 100. Not together with `first`.' })
  last?: number | null;
  @Field(() => String, { nullable: true })
  before?: string | null;
  @Field(() => ApiKeyFilterInput, { nullable: true })
  filter?: ApiKeyFilterInput | null;
  @Field(() => ApiKeyOrderInput, { nullable: true, description: 'Default: `createdAt`, newest first.' })
  orderBy?: ApiKeyOrderInput | null;
}

@InputType({ description: 'One unit is one HTTP request that passed credential, network and access.' })
export class ApiKeyRateLimitInput {
  @Field(() => Int, { description: 'Requests within the window, 1 to 1,000,000.' })
  limit!: number;
  @Field(() => Int, { description: '1 to 86,400.' })
  windowSeconds!: number;
}

@InputType()
export class CreateApiKeyInput {
  @Field({ description: '1 to 200 characters once trimmed; no control characters.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  description?: string | null;
  @Field(() => [String], {
    description:
      "At least one, no repeats; each must be known, opened by the caller's and by the owner's role, and allowed by the policy.",
  })
  scopes!: string[];
  @Field(() => Date, { nullable: true, description: "At least 60 s ahead, and within the tenant's policy." })
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
  @Field(() => ApiKeyRateLimitInput, { nullable: true, description: 'Null: unlimited.' })
  rateLimit?: ApiKeyRateLimitInput | null;
  @Field(() => JSONObject, { nullable: true, description: 'Anything of your own. Only sessions see it.' })
  metadata?: JsonObject | null;
  @Field(() => String, {
    nullable: true,
    description:
      '1 to 200 characters. The same input with the same one (24 h, same caller) returns the same key with `secret: null`; ' +
      'another input is a CONFLICT, ALREADY_EXISTS.',
  })
  idempotencyKey?: string | null;
}

@InputType({ description: 'At most 100 ids, or all keys of one owner; exactly one of the two.' })
export class RevokeApiKeysInput {
  @Field(() => [ID], { nullable: true })
  ids?: string[] | null;
  @Field(() => ID, { nullable: true })
  ownerId?: string | null;
  @Field(() => REVOCATION_REASON, { defaultValue: 'OTHER' })
  reason!: RevocationReason;
  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  note?: string | null;
}
