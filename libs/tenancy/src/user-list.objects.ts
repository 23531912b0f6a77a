import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Connection } from '#graphql';
import { UserObject } from './tenancy.objects.js';

@ObjectType({ description: 'A page of the users of a tenant, by name.' })
export class UserConnection extends Connection(UserObject, 'User') {
  @Field(() => Int, { description: 'How many users the tenant has. Counted only when asked for.' })
  totalCount!: Promise<number>;
}
