import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Query, Resolver } from '@nestjs/graphql';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { KeyAdministration } from 'latchkey/api-keys';
import { administratorSql, migrate } from 'latchkey/database';
import { type EmbeddedServer, startEmbeddedServer } from 'latchkey/embedded-server';
import { AppModule, SCHEMA } from '../src/app.module.js';
import { firstKey } from '../src/first-key.js';

interface Answer {
  status: number;
  data?: Record<string, unknown>;
  errors?: { path?: string[]; extensions: Record<string, unknown> }[];
}

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
  let server: EmbeddedServer;
  let app: INestApplication;
  let key: string;
  let keys: KeyAdministration;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'minimal-nest-app-'));
    // As root, the server runs as another user, who must be able to get in.
    await chmod(directory, 0o755);
    server = await startEmbeddedServer({ directory, administratorSql, announce: () => undefined, disposable: true });
    await migrate({ url: server.url, ...SCHEMA });
    app = await NestFactory.create(AppModule.forRoot(server.url), new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    key = (await firstKey(app)) ?? '';
    keys = app.get(KeyAdministration, { strict: false });
  });

  afterAll(async () => {
    await app.close();
    await server.stop();
    await rm(directory, { recursive: true });
  });

  async function ask(query: string, credential?: string): Promise<Answer> {
    const headers = { 'content-type': 'application/json', ...(credential ? { 'x-api-key': credential } : {}) };
    const body = JSON.stringify({ query });
    const response = await fetch(`${await app.getUrl()}/graphql`, { method: 'POST', headers, body });
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
  }

  async function reader(): Promise<{ id: string; secret: string }> {
    const input = { owner: 'robot@example.test', name: 'Reader', scopes: ['notes:read'] };
    const { key: made, secret } = await keys.create(input);
    return { id: made.id, secret };
  }

  it('answers a key that has the scopes', async () => {
    expect(key).toMatch(/^note_[0-9A-Za-z]{49}$/);
    const added = await ask('mutation { addNote(text: "hello") { text } }', key);
    expect(added).toEqual({ status: 200, data: { addNote: { text: 'hello' } } });
    expect((await ask('{ notes { text } }', key)).data).toEqual({ notes: [{ text: 'hello' }] });
  });

  it('refuses an operation whole, and names what was missing and where', async () => {
    const { secret } = await reader();
    const refused = await ask('mutation { one: addNote(text: "never") { id } }', secret);
    const extensions = {
      code: 'FORBIDDEN',
      reason: 'MISSING_SCOPE',
      requiredScopes: ['notes:write'],
      grantedScopes: ['notes:read'],
    };
    expect(refused).toEqual({ status: 403, errors: [{ message: expect.any(String), path: ['one'], extensions }] });
    expect(JSON.stringify(await ask('{ notes { text } }', key))).not.toContain('never');
  });

  it('refuses a revoked key from then on, and a request without a key', async () => {
    const { id, secret } = await reader();
    expect((await ask('{ notes { id } }', secret)).status).toBe(200);
    await keys.revoke({ ids: [id], reason: 'COMPROMISED' });
    const refused = [await ask('{ notes { id } }', secret), await ask('{ notes { id } }')];
    expect(refused.map(({ status, errors }) => [status, errors?.[0]?.extensions['reason']])).toEqual([
      [401, 'REVOKED_KEY'],
      [401, 'MISSING_CREDENTIAL'],
    ]);
  });

  it('refuses an operation of a type that its API lacks, and says so where its scopes are asked for', async () => {
    const message = 'This API has no subscription operations.';
    const refused = { status: 400, errors: [{ message, extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] };
    for (const credential of [key, undefined])
      expect(await ask('subscription { notes { id } }', credential)).toEqual(refused);
    const { errors } = await ask('{ requiredScopes(document: "subscription { notes { id } }") { scopes } }', key);
    expect(errors?.[0]?.extensions['problems']).toEqual([{ path: ['document'], code: 'MALFORMED', message }]);
  });

  it('does not start with a resolver that declares nothing', async () => {
    const { imports = [], ...module } = AppModule.forRoot(server.url);
    const forgetful = { ...module, imports: [...imports, ForgetfulModule] };
    const options = { logger: false, abortOnError: false } as const;
    const broken = await NestFactory.create(forgetful, new FastifyAdapter(), options);
    await expect(broken.init()).rejects.toThrow(/ForgetfulResolver\.anything \(Query\.anything\)/);
    await broken.close();
  });
});

it('takes its database server along when it is asked to stop', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'minimal-nest-app-'));
  await chmod(cwd, 0o755);
  const main = resolve(import.meta.dirname, '../src/main.js');
  const app = spawn(process.execPath, [main], {
    cwd,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: app.stdout })) if (line.endsWith('/graphql')) break;
  const postmaster = Number.parseInt(await readFile(join(cwd, '.data/postgres/postmaster.pid'), 'utf8'), 10);
  app.kill('SIGTERM');
  expect(await once(app, 'close')).toEqual([0, null]);
  while (isRunning(postmaster)) await new Promise((next) => setTimeout(next, 10));
  await rm(cwd, { recursive: true });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
