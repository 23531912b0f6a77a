import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import { AccessModule } from 'latchkey/access';
import { ApiKeyGuard, ApiKeysModule, GuardedGraphQL } from 'latchkey/api-keys';
import * as apiKeyTables from 'latchkey/api-keys/entities';
import { API_KEY_MIGRATIONS, DatabaseModule, type Schema } from 'latchkey/database';
import * as tenancyTables from 'latchkey/tenancy/entities';
import { Note } from './notes/note.entity.js';
import { Migration20300101000000_notes } from './notes/note.migration.js';
import { NoteResolver } from './notes/note.resolver.js';
import { NOTE_ACCESS } from './notes/note.scopes.js';

export const SCHEMA: Schema = {
  entities: [...Object.values(tenancyTables), ...Object.values(apiKeyTables), Note],
  migrations: [...API_KEY_MIGRATIONS, Migration20300101000000_notes],
};
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
