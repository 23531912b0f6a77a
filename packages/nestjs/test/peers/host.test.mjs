/** A guarded application on each HTTP adapter that `ADAPTERS` names; for the versions of Nest that the folder has. */
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { AccessModule, ApiKeyGuard, DatabaseModule, HttpErrorFilter, KeyAdministration } from '@latchkey/nestjs';
import { CurrentPrincipal, RequireScopes } from '@latchkey/nestjs/access';
import { ApiKeysGraphQLModule, GuardedGraphQL } from '@latchkey/nestjs/graphql';
import { API_KEYS_SCHEMA, composeSchema, TENANCY_SCHEMA } from '@latchkey/nestjs/schema';
import { givenKey, startTestDatabase } from '@latchkey/nestjs/testing';
import { ApolloDriver } from '@nestjs/apollo';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { Test } from '@nestjs/testing';

const SCHEMA = composeSchema([TENANCY_SCHEMA, API_KEYS_SCHEMA]);
const SCOPES = ['notes:read', 'notes:write'];
const ACCESS = {
  scopes: SCOPES.map((name) => ({ name, description: `The scope ${name}.` })),
  roleScopes: { SUPER_ADMIN: [], TENANT_ADMIN: SCOPES, OPERATOR: SCOPES, VIEWER: SCOPES },
};

class NoteResolver {
  notes({ kind }) {
    return kind;
  }
}
decorate(
  NoteResolver,
  Query(() => String),
  RequireScopes('notes:read'),
);
CurrentPrincipal()(NoteResolver.prototype, 'notes', 0);
Resolver()(NoteResolver);

class NoteController {
  notes() {
    return { notes: 'none' };
  }
}
decorate(NoteController, Get(), RequireScopes('notes:read'));
Controller('notes')(NoteController);

/** Does to the method what TypeScript does. */
function decorate({ prototype }, ...decorators) {
  Reflect.defineMetadata('design:paramtypes', [Object], prototype, 'notes');
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'notes');
  for (const decorator of decorators) decorator(prototype, 'notes', descriptor);
}

function appOn(url) {
  const apiKeys = ApiKeysGraphQLModule.forRoot({ prefix: 'note', cacheSize: 100 });
  const graphql = { driver: ApolloDriver, imports: [apiKeys], useExisting: GuardedGraphQL };
  class App {}
  Module({
    imports: [
      DatabaseModule.forRoot({ url, ...SCHEMA }),
      AccessModule.forRoot(ACCESS),
      apiKeys,
      GraphQLModule.forRootAsync(graphql),
    ],
    controllers: [NoteController],
    providers: [
      NoteResolver,
      { provide: APP_GUARD, useExisting: ApiKeyGuard },
      { provide: APP_FILTER, useClass: HttpErrorFilter },
    ],
  })(App);
  return App;
}

/** @returns the status, what was answered or the reason of the refusal, and the id of the request */
async function ask(url, key) {
  const headers = { 'x-request-id': 'given', ...(key && { authorization: `Bearer ${key}` }) };
  const operation = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"query":"{ notes }"}',
  };
  const response = await fetch(url, url.endsWith('/graphql') ? operation : { headers });
  const { errors, data, ...body } = await response.json();
  const { reason, notes } = { ...errors?.[0]?.extensions, ...data, ...body };
  return [response.status, reason ?? notes, response.headers.get('x-request-id')];
}

let database;
before(async () => {
  database = await startTestDatabase(SCHEMA);
});
after(() => database.stop());

const QUIET = { logger: ['error'], abortOnError: false };
/** The adapter of an application that tests make comes after the modules. */
const WAYS = {
  NestFactory: (module, adapter) => NestFactory.create(module, adapter, QUIET),
  'Test.createTestingModule': async (module, adapter) =>
    (await Test.createTestingModule({ imports: [module] }).compile()).createNestApplication(adapter, QUIET),
};

const ROWS = process.env.ADAPTERS.split(',').flatMap((name) => Object.keys(WAYS).map((way) => [name, way]));
for (const [name, way] of ROWS)
  it(`operations and handlers are guarded on ${name}, in an application by ${way}`, async () => {
    const { [`${name}Adapter`]: Adapter } = await import(`@nestjs/platform-${name.toLowerCase()}`);
    const app = await WAYS[way](appOn(database.url), new Adapter());
    try {
      await app.listen(0, '127.0.0.1');
      const reader = await givenKey(app, { scopes: ['notes:read'] });
      const writer = await givenKey(app, { scopes: ['notes:write'] });
      const urls = ['/graphql', '/notes'].map(
        (path) => new URL(path, `http://127.0.0.1:${app.getHttpServer().address().port}`).href,
      );
      for (const [url, notes] of [
        [urls[0], 'API_KEY'],
        [urls[1], 'none'],
      ]) {
        assert.deepEqual(await ask(url, reader.secret), [200, notes, 'given']);
        assert.deepEqual(await ask(url), [401, 'MISSING_CREDENTIAL', 'given']);
        assert.deepEqual(await ask(url, writer.secret), [403, 'MISSING_SCOPE', 'given']);
      }
      await app.get(KeyAdministration, { strict: false }).revoke({ ids: [reader.id], reason: 'COMPROMISED' });
      for (const url of urls) assert.deepEqual(await ask(url, reader.secret), [401, 'REVOKED_KEY', 'given']);
    } finally {
      await app.close();
    }
  });
