import { Field, ID, InputType, Int } from '@nestjs/graphql';

@InputType({
  description: 'Which request to approve, and what of it. Omitted or null members: as asked. Only narrower than asked.',
})
export class ApproveApiKeyInput {
  @Field(() => ID, { description: 'The pending key.' })
  id!: string;
  @Field(() => Int, {
    description: 'The `version` that you have seen; CONFLICT (VERSION_MISMATCH) where the request has changed since.',
  })
  expectedVersion!: number;
  @Field(() => [String], { nullable: true, description: 'Some of the scopes that were asked for.' })
  scopes?: string[] | null;
  @Field(() => Date, { nullable: true, description: 'At least 60 s ahead, and no later than was asked.' })
  expiresAt?: Date | null;
  @Field(() => [String], { nullable: true, description: 'Networks within those that were asked for.' })
  allowedCidrs?: string[] | null;
}
