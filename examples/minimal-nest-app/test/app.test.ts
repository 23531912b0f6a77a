import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { KeyAdministration, TenancyAdministration } from '@latchkey/nestjs';
import { actAs, givenKey, startTestDatabase, type TestDatabase } from '@latchkey/nestjs/testing';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Query, Resolver } from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from '../src/app.module.js';
import { ADMIN, firstStart } from '../src/first-start.js';
import { NoteSessions } from '../src/sessions.js';

interface Answer {
  status: number;
  data?: Record<string, unknown>;
  errors?: { message: string; path?: string[]; extensions: Record<string, unknown> }[];
}

const APP = ['--app', 'dist/src/app.module.js'];

const refusalOf = ({ status, errors }: Answer) => [status, errors?.[0]?.extensions['reason']];

@Resolver()
class ForgetfulResolver {
  @Query(() => String)
  anything(): string {
    return 'for anyone';
  }
}

@Module({ providers: [ForgetfulResolver] })
class ForgetfulModule {}

describe('another application', () => {
  let database: TestDatabase;
  let app: INestApplication;
  let key: string;
  let keys: KeyAdministration;

  before(async () => {
    database = await startTestDatabase();
    await latchkey(['migrate', ...APP]);
    app = await NestFactory.create(AppModule.forRoot(database.url), new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    key = (await firstStart(app)) ?? '';
    keys = app.get(KeyAdministration, { strict: false });
  });

  after(async () => {
    await app.close();
    await database.stop();
  });

  /** The command of the package, which `npx latchkey` runs. */
  async function latchkey(args: string[], url = database.url): Promise<string> {
    const env = { ...process.env, DATABASE_URL: url };
    return (await promisify(execFile)(resolve('node_modules/.bin/latchkey'), args, { env })).stdout;
  }

  async function ask(query: string, credential?: string): Promise<Answer> {
    const bearer: HeadersInit = credential ? { authorization: `Bearer ${credential}` } : {};
    const headers = { 'content-type': 'application/json', ...bearer };
    const body = JSON.stringify({ query });
    const response = await fetch(`${await app.getUrl()}/graphql`, { method: 'POST', headers, body });
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
  }

  const reader = () => givenKey(app, { scopes: ['notes:read'] });

  it('has its tables by the command of the package, which applies each migration once', async () => {
    assert.equal(await latchkey(['migrate', ...APP]), 'Nothing applied.\n');
    assert.equal(await latchkey(['migrate', '--check', ...APP]), 'Nothing pending.\n');
    // Without the tables of the application the database is ahead of the package.
    await assert.rejects(latchkey(['migrate']), { code: 1, stderr: /has Migration20300101000000_notes, unknown here/ });
    await assert.rejects(latchkey(['migrate', '--app', 'nowhere.js']), {
      code: 2,
      stderr: /^--app: nowhere\.js /,
    });
    await assert.rejects(latchkey(['destroy']), { code: 2, stderr: /^There is no command "destroy"/ });
    await assert.rejects(latchkey(['migrate'], 'mysql://app:secret@db'), {
      code: 2,
      stderr: /^DATABASE_URL has to be a p/,
    });
    const away = latchkey(['migrate'], 'postgresql://app:secret@127.0.0.1:1/app');
    await assert.rejects(away, { code: 1, stderr: /^The database does not answer: [^\n]*\n$/ });
  });

  it('answers a key that has the scopes', async () => {
    assert.match(key, /^note_[0-9A-Za-z]{49}$/);
    const added = await ask('mutation { addNote(text: "hello") { text } }', key);
    assert.deepEqual(added, { status: 200, data: { addNote: { text: 'hello' } } });
    assert.deepEqual((await ask('{ notes { text } }', key)).data, { notes: [{ text: 'hello' }] });
  });

  it('refuses an operation whole, and names the missing scope and the field', async () => {
    const { secret } = await givenKey(app, { scopes: ['notes:read'] });
    const { status, errors } = await ask('mutation { one: addNote(text: "never") { id } }', secret);
    assert.equal(status, 403);
    const extensions = { code: 'FORBIDDEN', reason: 'MISSING_SCOPE', requiredScopes: ['notes:write'] };
    const [error] = errors ?? [];
    assert.deepEqual([error?.path, error?.extensions], [['one'], { ...extensions, grantedScopes: ['notes:read'] }]);
    assert.doesNotMatch(JSON.stringify(await ask('{ notes { text } }', key)), /never/);
  });

  it('refuses a revoked key from then on, and a request without a key', async () => {
    const { id, secret } = await reader();
    assert.equal((await ask('{ notes { id } }', secret)).status, 200);
    await keys.revoke({ ids: [id], reason: 'COMPROMISED' });
    assert.deepEqual(refusalOf(await ask('{ notes { id } }', secret)), [401, 'REVOKED_KEY']);
    assert.deepEqual(refusalOf(await ask('{ notes { id } }')), [401, 'MISSING_CREDENTIAL']);
  });

  it('answers a caller of a test without a key, within the scopes of the caller', async () => {
    const { tenantId } = await reader();
    const stop = actAs(app, { scopes: ['notes:read'], tenantId });
    assert.deepEqual((await ask('{ notes { text } }')).data, { notes: [] });
    assert.deepEqual(refusalOf(await ask('mutation { addNote(text: "never") { id } }')), [403, 'MISSING_SCOPE']);
    stop();
    assert.deepEqual(refusalOf(await ask('{ notes { text } }')), [401, 'MISSING_CREDENTIAL']);
  });

  it('lets a session of its own make a key, and no other token', async () => {
    const session = await app.get(NoteSessions, { strict: false }).begin(ADMIN);
    const create = 'mutation { createApiKey(input: { name: "Mine", scopes: ["notes:read"] }) { secret } }';
    const { data = {} } = await ask(create, session);
    const { secret } = data['createApiKey'] as { secret: string };
    assert.equal((await ask('{ notes { id } }', secret)).status, 200);
    assert.deepEqual(refusalOf(await ask(create, secret)), [403, 'SESSION_REQUIRED']);
    assert.deepEqual(refusalOf(await ask(create, `${session.slice(0, -4)}AAAA`)), [401, 'INVALID_SESSION']);
  });

  it('refuses the keys of a user who is deactivated, until the user is active again', async () => {
    const tenancy = app.get(TenancyAdministration, { strict: false });
    const { secret, owner } = await reader();
    await tenancy.changeUser(owner.email, { isActive: false });
    assert.deepEqual(refusalOf(await ask('{ notes { id } }', secret)), [401, 'OWNER_INACTIVE']);
    await tenancy.changeUser(owner.email, { isActive: true });
    assert.equal((await ask('{ notes { id } }', secret)).status, 200);
  });

  it('refuses an operation of a type that its API lacks, and says so where its scopes are asked for', async () => {
    const message = 'This API has no subscription operations.';
    for (const credential of [key, undefined]) {
      const { status, errors } = await ask('subscription { notes { id } }', credential);
      assert.equal(status, 400);
      assert.deepEqual(errors, [{ message, extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }]);
    }
    const { errors } = await ask('{ requiredScopes(document: "subscription { notes { id } }") { scopes } }', key);
    assert.deepEqual(errors?.[0]?.extensions['problems'], [{ path: ['document'], code: 'MALFORMED', message }]);
  });

  it('does not start with a resolver that declares nothing', async () => {
    const { imports = [], ...module } = AppModule.forRoot(database.url);
    const forgetful = { ...module, imports: [...imports, ForgetfulModule] };
    const options = { logger: false, abortOnError: false } as const;
    const broken = await NestFactory.create(forgetful, new FastifyAdapter(), options);
    await assert.rejects(broken.init(), /ForgetfulResolver\.anything \(Query\.anything\)/);
    await broken.close();
  });
});
