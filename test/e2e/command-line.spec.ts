import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { portal } from '../support/command-line.js';
import { TestDatabase, testServer } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';

jest.setTimeout(60_000);

describe('the command line', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start();
  });
  afterAll(() => api.stop());

  const run = (...args: string[]) => portal(args, { cwd: tmpdir(), environment: { DATABASE_URL: api.database.url } });
  const json = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await run(...args, '--json');
    if (exitCode !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, string>;
  };

  it('makes a tenant with its admin, suspends and resumes it', async () => {
    const { tenantId } = await json('bootstrap', '--tenant', 'Acme', '--admin-email', 'Ada@acme.example');
    const session = await api.issuer.token('ada@acme.example', 60, new Date());
    const ask = () => api.query('{ viewer { tenant { name } } }', { session });
    expect((await ask()).data).toEqual({ viewer: { tenant: { name: 'Acme' } } });
    await json('tenants', 'suspend', String(tenantId));
    expect([(await ask()).status, (await ask()).reason]).toEqual([401, 'INVALID_SESSION']);
    await json('tenants', 'resume', String(tenantId));
    expect((await ask()).status).toBe(200);
  });

  it('makes a service account, whose key stops with it', async () => {
    const key = await api.given.apiKey();
    const email = `ci-${randomUUID()}@acme.example`;
    const added = await json(
      'users',
      'add',
      '--tenant',
      key.tenant.id,
      '--email',
      email,
      '--role',
      'OPERATOR',
      '--service',
    );
    expect(added).toMatchObject({ kind: 'SERVICE', role: 'OPERATOR', isActive: true });
    const robot = { ...key.admin, id: String(added['id']) };
    const { secret } = await api.given.apiKey({
      tenant: key.tenant,
      owner: robot,
      scopes: ['devices:read', 'devices:write'],
    });
    const ask = () => api.query('{ viewer { scopes } }', { key: secret });
    expect((await ask()).at('viewer.scopes')).toEqual(['devices:read', 'devices:write']);
    await json('users', 'role', email, 'VIEWER');
    expect((await ask()).at('viewer.scopes')).toEqual(['devices:read']);
    await json('users', 'deactivate', email);
    expect((await ask()).reason).toBe('OWNER_INACTIVE');
    await json('users', 'activate', email);
    expect((await ask()).status).toBe(200);
  });

  it('refuses what it cannot do with a line and an exit code', async () => {
    const refusals: [string, string[], number][] = [
      ['an unknown command', ['nope'], 2],
      ['a missing option', ['bootstrap', '--tenant', 'x'], 2],
      ['an option that is none', ['tenants', 'list', '--nope'], 2],
      ['a role that is none', ['users', 'role', 'a@b', 'KING'], 2],
      ['a tenant that is not there', ['tenants', 'suspend', randomUUID()], 1],
      ['an id that is none', ['tenants', 'suspend', 'x'], 1],
      ['a user that is not there', ['users', 'deactivate', 'nobody@nowhere.example'], 1],
    ];
    const runs = await Promise.all(refusals.map(async ([, args]) => run(...args)));
    for (const [index, [what, , expected]] of refusals.entries()) {
      const { exitCode, stdout, stderr } = runs[index] ?? { exitCode: null, stdout: '', stderr: '' };
      expect([what, exitCode, stdout]).toEqual([what, expected, '']);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(stderr.trim()).not.toBe('');
    }
  });

  it('refuses an e-mail that is taken, in whatever tenant', async () => {
    const { email } = await api.given.user();
    const tenant = await api.given.tenant();
    const { exitCode, stderr } = await run('users', 'add', '--tenant', tenant.id, '--email', email.toUpperCase());
    expect([exitCode, stderr.trim()]).toEqual([1, `There is a user with the e-mail ${email}.`]);
  });
});

describe('migrate', () => {
  it('prints what an administrator must run where the login may not make the roles', async () => {
    const database = await TestDatabase.create();
    const login = `login_${randomUUID().slice(0, 8)}`;
    await database.sql(`create role ${login} login password 'x'`);
    const url = Object.assign(new URL(testServer().url), { username: login, password: 'x', pathname: database.name });
    const run = await portal(['migrate'], { cwd: tmpdir(), environment: { DATABASE_URL: url.href } });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(`grant portal_app to "${login}" with inherit false, set true;`);
    await database.drop();
    const template = await TestDatabase.create();
    await template.sql(`drop role ${login}`);
    await template.drop();
  });

  it.each([['serve'], ['bootstrap', '--tenant', 'Acme', '--admin-email', 'ada@acme.example']])(
    'is waited for by %s on a configured database, which it leaves as it is; and so is a newer version',
    async (...args) => {
      const database = await TestDatabase.create();
      const run = () => portal(args, { cwd: tmpdir(), environment: { DATABASE_URL: database.url, PORT: '0' } });
      await database.sql(`delete from migrations where name like '%devices'`);
      const migrations = () => database.sql('select * from migrations');
      const before = await migrations();
      const incomplete = await run();
      expect([incomplete.exitCode, incomplete.stderr]).toEqual([
        1,
        expect.stringMatching(/^The database lacks .*: run "npm run portal -- migrate" first.\n$/),
      ]);
      expect(await migrations()).toEqual(before);
      await database.sql(`insert into migrations (name) values ('Migration99990101000000_future')`);
      expect((await run()).stderr).toContain('newer version');
      await database.drop();
    },
  );
});
