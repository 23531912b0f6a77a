import { Module } from '@nestjs/common';
import { Field, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { RequireScopes } from '#access';

@ObjectType({ description: 'An object from memory, of eight fields.' })
class BenchItem {
  @Field(() => ID)
  id!: string;
  @Field()
  name!: string;
  @Field()
  address!: string;
  @Field()
  model!: string;
  @Field()
  serial!: string;
  @Field()
  version!: string;
  @Field()
  status!: string;
  @Field(() => Int)
  position!: number;
}

const ITEMS = Array.from({ length: 20 }, (_, position) =>
  Object.assign(new BenchItem(), {
    id: `item-${position}`,
    name: `switch ${position}`,
    address: `10.0.0.${position}`,
    model: 'RB5009',
    serial: `HE${position}`,
    version: '7.20.4',
    status: 'ONLINE',
    position,
  }),
);

/** What costs nothing but the way there. The stock application has the same two fields. */
@Resolver()
class ItemsResolver {
  @Query(() => String)
  @RequireScopes('devices:read')
  benchTrivial(): string {
    return 'pong';
  }

  @Query(() => [BenchItem])
  @RequireScopes('devices:read')
  benchItems(): BenchItem[] {
    return ITEMS;
  }
}

@Module({ providers: [ItemsResolver] })
export class ItemsModule {}
