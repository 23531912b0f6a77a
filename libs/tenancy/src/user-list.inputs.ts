import { ArgsType, Field, Int } from '@nestjs/graphql';
import type { PageArguments } from '#kernel';

@ArgsType()
export class UsersArguments implements PageArguments {
  @Field(() => Int, { nullable: true, description: 'How many from the start, or after `after`: 1 to 100, default 20.' })
  first?: number | null;
  @Field(() => String, { nullable: true, description: 'After this place: the `endCursor` of the page before.' })
  after?: string | null;
}
