import { AccessModule, ApiKeyGuard, DatabaseModule } from '@latchkey/nestjs';
import { ApiKeysGraphQLModule, GuardedGraphQL } from '@latchkey/nestjs/graphql';
import { API_KEYS_SCHEMA, composeSchema, TENANCY_SCHEMA } from '@latchkey/nestjs/schema';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { NOTES_SCHEMA } from './notes/note.schema.js';
import { NoteResolver } from './notes/note.resolver.js';
import { NOTE_ACCESS } from './notes/note.scopes.js';
import { NoteSessions, SessionsModule } from './sessions.js';

export const SCHEMA = composeSchema([TENANCY_SCHEMA, API_KEYS_SCHEMA, NOTES_SCHEMA]);
const apiKeys = ApiKeysGraphQLModule.forRootAsync({
  imports: [SessionsModule],
  inject: [NoteSessions],
  useFactory: (sessions: NoteSessions) => ({ prefix: 'note', cacheSize: 10_000, sessions }),
});
const graphql = { driver: ApolloDriver, imports: [apiKeys], useExisting: GuardedGraphQL };

@Module({ providers: [NoteResolver, { provide: APP_GUARD, useExisting: ApiKeyGuard }] })
export class AppModule {
  static forRoot(url: string): DynamicModule {
    const [database, access] = [DatabaseModule.forRoot({ url, ...SCHEMA }), AccessModule.forRoot(NOTE_ACCESS)];
    return {
      module: AppModule,
      imports: [database, access, apiKeys, GraphQLModule.forRootAsync<ApolloDriverConfig>(graphql)],
    };
  }
}
