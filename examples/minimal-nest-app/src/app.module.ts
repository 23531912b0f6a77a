import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { AccessModule } from 'latchkey/access';
import { ApiKeyGuard, ApiKeysModule, GuardedGraphQL } from 'latchkey/api-keys';
import { API_KEYS_SCHEMA } from 'latchkey/api-keys/schema';
import { DatabaseModule } from 'latchkey/database';
import { composeSchema } from 'latchkey/database/schema';
import { TENANCY_SCHEMA } from 'latchkey/tenancy/schema';
import { NOTES_SCHEMA } from './notes/note.schema.js';
import { NoteResolver } from './notes/note.resolver.js';
import { NOTE_ACCESS } from './notes/note.scopes.js';

export const SCHEMA = composeSchema([TENANCY_SCHEMA, API_KEYS_SCHEMA, NOTES_SCHEMA]);
const apiKeys = ApiKeysModule.forRoot({ prefix: 'note', cacheSize: 10_000 });
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
