import { ArgsType, Field, ID, InputType } from '@nestjs/graphql';
import { TwoWayPageArguments } from '#graphql';
import type { UserKind } from '#tenancy';
import { USER_KIND } from '#tenancy/graphql';
import { API_KEY_STATUS } from './api-key.objects.js';
import type { ApiKeyOrder } from './api-key.order.rules.js';
import { API_KEY_ORDER_FIELD, ORDER_DIRECTION } from './api-key.order.objects.js';
import type { ApiKeyStatus } from '../words.js';

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
  @Field(() => [ID], {
    nullable: true,
    description: 'These keys, at most 100; unknown ones are left out. An empty list admits none.',
  })
  ids?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'Keys of this user.' })
  ownerId?: string | null;
  @Field(() => USER_KIND, { nullable: true, description: 'Keys of people, or of service accounts.' })
  ownerKind?: UserKind | null;
  @Field(() => String, { nullable: true, description: 'A scope that was granted, whether in effect or not.' })
  scope?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Text within name, description or key prefix, at most 200 characters; case-insensitive, taken ' +
      'literally. It reads every key of the tenant.',
  })
  search?: string | null;
  @Field(() => Date, { nullable: true, description: 'Keys that were made later than this instant.' })
  createdAfter?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Keys that were made earlier than this instant.' })
  createdBefore?: Date | null;
  @Field(() => Date, {
    nullable: true,
    description: 'Keys whose `expiresAt` is later; those that never expire are left out.',
  })
  expiresAfter?: Date | null;
  @Field(() => Date, {
    nullable: true,
    description: 'Keys whose `expiresAt` is earlier; those that never expire are left out.',
  })
  expiresBefore?: Date | null;
  @Field(() => Date, { nullable: true, description: 'Keys that a request has used at this instant or later.' })
  usedSince?: Date | null;
  @Field(() => Date, {
    nullable: true,
    description: 'Keys that no request has used since; those that were never used, too.',
  })
  notUsedSince?: Date | null;
  @Field(() => Boolean, { nullable: true, description: 'True: keys that were never used. False: keys that were.' })
  neverUsed?: boolean | null;
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
