import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { JSONObject } from '#graphql';
import type { JsonObject } from '#kernel';

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
    description: 'Why it is needed; kept with the request where an admin has to approve it, at most 2,000 characters.',
  })
  reason?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      '1 to 200 characters. The same input with the same one (24 h, same caller) returns the same key with `secret: null`; ' +
      'another input is a CONFLICT, ALREADY_EXISTS.',
  })
  idempotencyKey?: string | null;
}
