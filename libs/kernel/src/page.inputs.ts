import { ArgsType, Field, Int } from '@nestjs/graphql';
import { LIMITS } from './limits.js';
import type { PageArguments } from './page.js';

/** Arguments of a connection that hangs on each object of a list: forwards only. */
@ArgsType()
export class NestedPageArguments implements PageArguments {
  @Field(() => Int, {
    nullable: true,
    defaultValue: LIMITS.pageSize.default,
    description: 'How many for each parent: 1 to 100.',
  })
  first?: number | null;
  @Field(() => String, {
    nullable: true,
    description: '`endCursor` of the page before. In a list of parents it is a place in the order of each of them.',
  })
  after?: string | null;
}
