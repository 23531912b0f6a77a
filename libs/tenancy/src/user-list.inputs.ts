import { ArgsType, Field, Int } from '@nestjs/graphql';
import type { PageArguments } from '#kernel';

@ArgsType()
export class UsersArguments implements PageArguments {
  @Field(() => Int, { nullable: true, description: '1 to 100, default 20.' })
  first?: number | null;
  @Field(() => String, { nullable: true, description: '`endCursor` of the page before.' })
  after?: string | null;
}
