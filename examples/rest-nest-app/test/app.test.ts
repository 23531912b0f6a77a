import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { KeyAdministration } from '@latchkey/nestjs';
import { startTestDatabase, type TestDatabase } from '@latchkey/nestjs/testing';
import { Controller, Get, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from '../src/app.module.js';

const OWNER = 'robot@example.test';
const APP = ['--app', 'dist/src/latchkey.js'];

interface Answer {
  status: number;
  type: string | null;
  body: unknown;
}
interface PrintedKey {
  id: string;
  key: string;
  revokedAt: string | null;
}

@Controller('forgetful')
class ForgetfulController {
  @Get()
  anything(): string {
    return 'for anyone';
  }
}

@Module({ controllers: [ForgetfulController] })
class ForgetfulModule {}

describe('an application with HTTP handlers only', () => {
  let database: TestDatabase;
  let app: INestApplication;
  let keys: KeyAdministration;

  before(async () => {
    database = await startTestDatabase();
    await latchkey('migrate');
    await latchkey('users', 'create', ...APP, '--tenant', 'Example', '--email', OWNER);
    app = await NestFactory.create(AppModule.forRoot(database.url), new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    keys = app.get(KeyAdministration, { strict: false });
  });

  after(async () => {
    await app.close();
    await database.stop();
  });

  /** The command of the package, which `npx latchkey` runs. */
  async function latchkey(...args: string[]): Promise<string> {
    const env = { ...process.env, DATABASE_URL: database.url };
    return (await promisify(execFile)(resolve('node_modules/.bin/latchkey'), args, { env })).stdout;
  }

  async function printedBy(...args: string[]): Promise<PrintedKey[]> {
    const lines = (await latchkey(...args)).trim().split('\n');
    return lines.map((line) => JSON.parse(line) as PrintedKey);
  }

  async function keyWith(...scopes: string[]): Promise<{ id: string; key: string }> {
    const { key, secret } = await keys.create({ owner: OWNER, name: 'Test', scopes });
    return { id: key.id, key: secret };
  }

  async function ask(path: string, key?: string, init: RequestInit = {}): Promise<Answer> {
    const bearer: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
    const headers = { 'content-type': 'application/json', ...bearer };
    const response = await fetch(`${await app.getUrl()}${path}`, { ...init, headers });
    return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
  }

  const verify = (token: string, by?: string): Promise<Answer> =>
    ask('/keys/verify', by, { method: 'POST', body: JSON.stringify({ token }) });

  async function refusalOf(path: string, key?: string): Promise<unknown[]> {
    const { status, type, body } = await ask(path, key);
    const { code, reason } = body as { code: string; reason?: string };
    assert.equal(type, 'application/problem+json; charset=utf-8');
    return [status, code, reason];
  }

  it('has no GraphQL', () => {
    for (const name of ['graphql', '@nestjs/graphql', '@nestjs/apollo', '@apollo/server'])
      assert.throws(() => import.meta.resolve(name), { code: 'ERR_MODULE_NOT_FOUND' });
  });

  it('answers a key that the command line has made, and a monitor without a key', async () => {
    const create = ['keys', 'create', ...APP, '--owner', OWNER, '--name', 'First'];
    const [{ key } = { key: '' }] = await printedBy(...create, '--scopes', 'notes:read,notes:write');
    assert.match(key, /^rest_[0-9A-Za-z]{49}$/);
    const added = await ask('/notes', key, { method: 'POST', body: JSON.stringify({ text: 'hello' }) });
    assert.deepEqual([added.status, added.body], [201, ['hello']]);
    assert.deepEqual((await ask('/notes', key)).body, ['hello']);
    assert.deepEqual((await ask('/notes/health')).body, { status: 'ok' });
  });

  it('answers a service whether a key is good', async () => {
    const [service, { key }] = [await keyWith('keys:verify'), await keyWith('notes:read')];
    const { status, body } = await verify(key, service.key);
    const { active, scope } = body as Record<string, unknown>;
    assert.deepEqual([status, active, scope], [200, true, 'notes:read']);
    assert.deepEqual((await verify('rest_wrong', service.key)).body, { active: false });
    assert.equal((await verify(key)).status, 401);
  });

  it('tells a load balancer that it is ready, and a monitor the metrics of the guard', async () => {
    const { status, body } = await ask('/health/ready');
    assert.deepEqual([status, (body as { info: { database: object } }).info.database], [200, { status: 'up' }]);
    const metrics = await (await fetch(`${await app.getUrl()}/metrics`)).text();
    assert.match(metrics, /^latchkey_key_verifications_total\{source="looked_up",outcome="accepted"\} \d+$/m);
  });

  it('refuses what a key may not do, and names the scope', async () => {
    const { key } = await keyWith('notes:read');
    const { status, body } = await ask('/notes', key, { method: 'POST', body: JSON.stringify({ text: 'never' }) });
    assert.equal(status, 403);
    const { code, reason, requiredScopes } = body as Record<string, unknown>;
    assert.deepEqual([code, reason, requiredScopes], ['FORBIDDEN', 'MISSING_SCOPE', ['notes:write']]);
  });

  it('reports wrong input as a problem of the member', async () => {
    const { key } = await keyWith('notes:write');
    for (const wrong of ['{}', '{"text":5}', '{"text":{}}', '[]']) {
      const { status, body } = await ask('/notes', key, { method: 'POST', body: wrong });
      const { code, problems } = body as { code: string; problems: { path: string[] }[] };
      assert.deepEqual([status, code, problems.map(({ path }) => path)], [400, 'BAD_USER_INPUT', [['text']]]);
    }
  });

  it('refuses a request without a key, with a wrong key, and with a key that the command line has revoked', async () => {
    assert.deepEqual(await refusalOf('/notes'), [401, 'UNAUTHENTICATED', 'MISSING_CREDENTIAL']);
    assert.deepEqual(await refusalOf('/notes', 'rest_wrong'), [401, 'UNAUTHENTICATED', 'INVALID_KEY']);
    const { id, key } = await keyWith('notes:read');
    assert.equal((await ask('/notes', key)).status, 200);
    const [revoked] = await printedBy('keys', 'revoke', ...APP, '--reason', 'COMPROMISED', id);
    assert.ok(revoked?.revokedAt);
    // The process of the command line has ended, so the notification is on its way.
    while ((await ask('/notes', key)).status === 200) await new Promise((next) => setTimeout(next, 5));
    assert.deepEqual(await refusalOf('/notes', key), [401, 'UNAUTHENTICATED', 'REVOKED_KEY']);
    const listed = await printedBy('keys', 'list', ...APP, '--owner', OWNER);
    assert.deepEqual(
      listed.filter(({ revokedAt }) => revokedAt).map((shown) => [shown.id, 'key' in shown]),
      [[id, false]],
    );
  });

  it('refuses a key beyond its rate', async () => {
    const rateLimit = { limit: 1, windowSeconds: 60 };
    const { secret } = await keys.create({ owner: OWNER, name: 'Slow', scopes: ['notes:read'], rateLimit });
    assert.equal((await ask('/notes', secret)).status, 200);
    assert.deepEqual(await refusalOf('/notes', secret), [429, 'RATE_LIMITED', undefined]);
  });

  it('says on the command line which option is wrong', async () => {
    const create = ['keys', 'create', '--owner', OWNER, '--name', 'Test', '--scopes', 'notes:red'];
    await assert.rejects(latchkey(...create), { code: 2, stderr: /^--app is missing/ });
    await assert.rejects(latchkey(...create, ...APP), {
      code: 2,
      stderr: /^--scopes\.0: .* Did you mean notes:read or notes:write\?\n$/,
    });
    await assert.rejects(latchkey('keys', 'create', ...APP), { code: 2, stderr: /^--owner is missing/ });
    await assert.rejects(latchkey('keys', 'list', '--app', 'dist/src/app.module.js', '--owner', OWNER), {
      code: 2,
      stderr: /exports no ACCESS/,
    });
    await assert.rejects(latchkey('keys', 'list', ...APP, '--owner', OWNER, '--note', 'x'), {
      code: 2,
      stderr: /^"keys list" takes no --note/,
    });
    await assert.rejects(latchkey('keys'), {
      code: 2,
      stderr: /^"keys" lacks a word: create, list, revoke\.\n\nUsage: /,
    });
    await assert.rejects(latchkey('keys', 'lose', ...APP), { code: 2, stderr: /^There is no command "keys lose"/ });
  });

  it('does not start with a handler that declares nothing', async () => {
    const { imports = [], ...module } = AppModule.forRoot(database.url);
    const forgetful = { ...module, imports: [...imports, ForgetfulModule] };
    const broken = await NestFactory.create(forgetful, new FastifyAdapter(), { logger: false, abortOnError: false });
    await assert.rejects(broken.init(), /ForgetfulController\.anything/);
    await broken.close();
  });

  it('answers 503, not 401, while the database is away', async () => {
    const { key } = await keyWith('notes:read');
    await database.stop();
    assert.deepEqual(await refusalOf('/notes', key), [503, 'SERVICE_UNAVAILABLE', undefined]);
    const { status, body } = await ask('/health/ready');
    assert.deepEqual([status, Object.keys((body as { error: object }).error)], [503, ['database', 'migrations']]);
  });
});
