import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Connection } from '#kernel';
import { UserObject } from './tenancy.objects.js';

@ObjectType({ description: 'A page of users.' })
export class UserConnection extends Connection(UserObject, 'User') {
  @Field(() => Int, { description: 'How many users the tenant has. Counted only when asked for.' })
  totalCount!: Promise<number>;
}
