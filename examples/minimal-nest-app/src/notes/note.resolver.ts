import { Args, Field, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, RequireScopes, type TenantPrincipal } from '@latchkey/nestjs/access';
import { TenantDatabase } from '@latchkey/nestjs/database';
import type { NoteTable } from './note.entity.js';

@ObjectType('Note')
export class NoteObject {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  text!: string;
}

@Resolver(() => NoteObject)
export class NoteResolver {
  constructor(private readonly database: TenantDatabase) {}

  @Query(() => [NoteObject])
  @RequireScopes('notes:read')
  notes(@CurrentPrincipal() by: TenantPrincipal): Promise<NoteObject[]> {
    return this.database.read(by, (session) =>
      session
        .tables<{ notes: NoteTable }>()
        .selectFrom('notes')
        .select(['id', 'text'])
        .orderBy('text')
        .limit(100)
        .execute(),
    );
  }

  @Mutation(() => NoteObject)
  @RequireScopes('notes:write')
  addNote(@CurrentPrincipal() by: TenantPrincipal, @Args('text') text: string): Promise<NoteObject> {
    return this.database.write(by, (session) =>
      session
        .tables<{ notes: NoteTable }>()
        .insertInto('notes')
        .values({ tenantId: by.tenantId, text })
        .returning(['id', 'text'])
        .executeTakeFirstOrThrow(),
    );
  }
}
