import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { describedEnum } from '#graphql';
import { ApiKeyObject } from '../keys/api-key.objects.js';
import type { UsageBucket } from './usage-buckets.rules.js';

const USAGE_BUCKET = describedEnum(
  'UsageBucket',
  'How finely use is counted. Buckets begin at full hours and days, UTC.',
  {
    HOUR: 'By the hour, kept for 40 days.',
    DAY: 'By the day, kept for two years.',
  },
);

@ArgsType()
export class UsageArguments {
  @Field({ description: 'In the first bucket. HOUR: at most 40 days ago; DAY: at most two years ago.' })
  from!: Date;
  @Field({ description: 'Later than `from`; the last bucket begins before it.' })
  to!: Date;
  @Field(() => USAGE_BUCKET, { defaultValue: 'DAY', description: 'How finely the requests are counted.' })
  bucket!: UsageBucket;
}

@ArgsType()
export class RevocationImpactArguments {
  @Field(() => [ID], { nullable: true, description: '1 to 100 keys; one unknown id is NOT_FOUND.' })
  ids?: string[] | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Keys of this user that are not revoked, the last used first, at most 100.',
  })
  ownerId?: string | null;
}

@ObjectType({ description: 'Requests of a key in one hour or day.' })
export class ApiKeyUsagePoint {
  @Field({ description: 'First instant of the hour or day, in UTC.' })
  start!: Date;
  @Field(() => Int, { description: 'Requests that were let through.' })
  allowed!: number;
  @Field(() => Int, { description: 'Requests that were refused although the key was good.' })
  denied!: number;
}

@ObjectType({ description: 'An address that a key was used from.' })
export class ApiKeyAddress {
  @Field({ description: 'IPv4 or IPv6; an IPv4 address in IPv6 form is shown as IPv4.' })
  ip!: string;
  @Field({ description: 'When a request from it was first let through, since it was last among the last ten.' })
  firstUsedAt!: Date;
  @Field({ description: 'When a request from it was last let through. At most a minute behind.' })
  lastUsedAt!: Date;
}

@ObjectType({ description: 'What stops working when this key stops.' })
export class RevocationImpact {
  @Field(() => ApiKeyObject, { description: 'The key that would stop.' })
  apiKey!: ApiKeyObject;
  @Field(() => Date, { nullable: true, description: 'When a request was last let through. Null: never.' })
  lastUsedAt!: Date | null;
  @Field(() => Int, {
    description: 'Requests let through in the last 24 hours; the hour in which they began counts whole.',
  })
  requestsLast24h!: number;
  @Field(() => [String], { description: 'Scopes that a request needed in the last 30 days, sorted.' })
  scopesUsedLast30d!: string[];
}
