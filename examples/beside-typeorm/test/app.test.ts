import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startTestDatabase, type TestDatabase } from '@latchkey/nestjs/testing';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AppModule } from '../src/app.module.js';
import { Account, Member } from '../src/entities.js';

const APP = ['--app', 'dist/src/latchkey.js'];
const OWNER = 'robot@example.test';
const run = promisify(execFile);

interface Refusal {
  code: string;
  reason: string;
}

describe('an application with TypeORM on the same database', () => {
  let database: TestDatabase;
  let app: INestApplication;
  let source: DataSource;
  let key: string;
  let keyId: string;

  before(async () => {
    database = await startTestDatabase();
    await createTables();
    await latchkey('migrate', ...APP);
    const made = await latchkey(
      'keys',
      'create',
      ...APP,
      '--owner',
      OWNER,
      '--name',
      'First',
      '--scopes',
      'members:read',
    );
    ({ id: keyId, key } = JSON.parse(made) as { id: string; key: string });
    app = await NestFactory.create(AppModule.forRoot(database.url), { logger: false });
    await app.listen(0, '127.0.0.1');
    source = app.get(DataSource, { strict: false });
  });

  after(async () => {
    await app.close();
    await database.stop();
  });

  const env = () => ({ ...process.env, DATABASE_URL: database.url });
  const createTables = () => run(process.execPath, ['dist/src/create-tables.js'], { env: env() });

  /** The command of the package, which `npx latchkey` runs. */
  async function latchkey(...args: string[]): Promise<string> {
    return (await run(resolve('node_modules/.bin/latchkey'), args, { env: env() })).stdout;
  }

  async function ask(secret?: string): Promise<{ status: number; body: unknown }> {
    const headers: HeadersInit = secret ? { authorization: `Bearer ${secret}` } : {};
    const response = await fetch(`${await app.getUrl()}/members`, { headers });
    return { status: response.status, body: await response.json() };
  }

  /** The triggers announce the change with its commit, and the announcement takes a moment. */
  async function answerAfterChange(isExpected: (status: number) => boolean): Promise<unknown[]> {
    const end = Date.now() + 5_000;
    for (;;) {
      const { status, body } = await ask(key);
      if (isExpected(status) || Date.now() > end) return [status, (body as Partial<Refusal>).reason];
      await new Promise((next) => setTimeout(next, 5));
    }
  }

  it('names no ORM but TypeORM in its code', async () => {
    const files = globSync('src/*.ts');
    assert.ok(files.length > 4);
    for (const file of files) assert.doesNotMatch(await readFile(file, 'utf8'), /mikro-orm/);
  });

  it('answers a key of its own member, with rows of the account of the member', async () => {
    assert.match(key, /^crm_[0-9A-Za-z]{49}$/);
    const { id: accountId } = await source.getRepository(Account).save({ name: 'Another' });
    await source.getRepository(Member).save({ accountId, email: 'other@example.test' });
    assert.deepEqual(await ask(key), { status: 200, body: [OWNER] });
    const { status, body } = await ask();
    assert.deepEqual([status, (body as Refusal).reason], [401, 'MISSING_CREDENTIAL']);
  });

  it('refuses the keys of a member whom TypeORM deactivates, and answers them when the member is active again', async () => {
    const members = source.getRepository(Member);
    await members.update({ email: OWNER }, { isActive: false });
    assert.deepEqual(await answerAfterChange((status) => status === 401), [401, 'OWNER_INACTIVE']);
    await members.update({ email: OWNER }, { isActive: true });
    assert.deepEqual(await answerAfterChange((status) => status === 200), [200, undefined]);
  });

  it('refuses the keys of an account that is closed', async () => {
    const accounts = source.getRepository(Account);
    await accounts.update({ name: 'Example' }, { closedAt: new Date() });
    assert.deepEqual(await answerAfterChange((status) => status === 401), [401, 'TENANT_SUSPENDED']);
    await accounts.update({ name: 'Example' }, { closedAt: null });
    assert.deepEqual(await answerAfterChange((status) => status === 200), [200, undefined]);
  });

  it('keeps its tables apart: those of Latchkey are in their schema, and neither ORM changes the tables of the other', async () => {
    await createTables();
    assert.equal(await latchkey('migrate', '--check', ...APP), 'Nothing pending.\n');
    const tables: { place: string }[] = await source.query(
      `select schemaname || '.' || tablename as place from pg_tables where tablename in ('member', 'account', 'users', 'api_keys')`,
    );
    assert.deepEqual(tables.map(({ place }) => place).toSorted(), [
      'latchkey.api_keys',
      'latchkey.users',
      'public.account',
      'public.member',
    ]);
  });

  it('refuses a revoked key, and the keys of a member who is deleted', async () => {
    await latchkey('keys', 'revoke', ...APP, '--reason', 'UNUSED', keyId);
    assert.deepEqual(await answerAfterChange((status) => status === 401), [401, 'REVOKED_KEY']);
    await source.getRepository(Member).delete({ email: OWNER });
    const left = await source.query('select from latchkey.users where email = $1', [OWNER]);
    assert.deepEqual(left, []);
  });
});
