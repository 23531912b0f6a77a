import { ArgsType, Field, Int } from '@nestjs/graphql';
import { LIMITS } from '#kernel';
import type { PageArguments } from '#kernel';

/** Arguments of a connection: forwards only. */
@ArgsType()
export class ForwardPageArguments implements PageArguments {
  @Field(() => Int, { nullable: true, description: 'How many from the start, or after `after`: 1 to 100, default 20.' })
  first?: number | null;
  @Field(() => String, { nullable: true, description: 'After this place: the `endCursor` of the page before.' })
  after?: string | null;
}

/** Arguments of a connection: forwards, or backwards from its end. */
@ArgsType()
export class TwoWayPageArguments extends ForwardPageArguments {
  @Field(() => Int, {
    nullable: true,
    description: 'How many before `before`, or from the end: 1 to 100. Not together with `first` or `after`.',
  })
  last?: number | null;
  @Field(() => String, { nullable: true, description: 'Before this place: the `startCursor` of the page after.' })
  before?: string | null;
}

/** Arguments of a connection on each object of a list: forwards only. */
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
