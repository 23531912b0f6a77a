import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { JSONObject, type JsonObject } from '#kernel';
import { ApiKeyRateLimitInput } from '../keys/api-key.inputs.js';

@InputType({ description: 'Omitted members stay as they are; null clears what may be null.' })
export class UpdateApiKeyInput {
  @Field(() => ID)
  id!: string;
  @Field(() => Int, { nullable: true, description: 'The `version` that you have seen. Another one is a CONFLICT.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: '1 to 200 characters once trimmed; no control characters.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  description?: string | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Taking scopes away is always allowed; adding one needs what making a key with all of them needs.',
  })
  scopes?: string[] | null;
  @Field(() => Date, {
    nullable: true,
    description: 'At least 60 s ahead. Null: never, where the policy allows. A later one revives an expired key.',
  })
  expiresAt?: Date | null;
  @Field(() => [String], { nullable: true, description: 'IPv4 or IPv6 networks in CIDR form. Empty: from anywhere.' })
  allowedCidrs?: string[] | null;
  @Field(() => ApiKeyRateLimitInput, { nullable: true, description: 'Null: unlimited.' })
  rateLimit?: ApiKeyRateLimitInput | null;
  @Field(() => JSONObject, { nullable: true, description: 'Takes the place of what was there. Null: none.' })
  metadata?: JsonObject | null;
}

@InputType()
export class RotateApiKeyInput {
  @Field(() => ID, { nullable: true, description: 'Omitted: the key that makes this request.' })
  id?: string | null;
  @Field(() => Int, {
    defaultValue: 86_400,
    description:
      "How long the old secret still opens the key. 0 ends it at once; cut to the policy's maximum and to the key's expiry (see the answer).",
  })
  overlapSeconds!: number;
  @Field(() => Int, { nullable: true, description: 'The `version` that you have seen. Another one is a CONFLICT.' })
  expectedVersion?: number | null;
}
