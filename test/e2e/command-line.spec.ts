import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { command, portal, type Run } from '../support/command-line.js';
import { TestDatabase, testServer } from '../support/test-database.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

describe('command line', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  const run = (...args: string[]) => portal(args, { cwd: tmpdir(), environment: { DATABASE_URL: api.database.url } });
  const here = (...args: string[]) => command(args, { DATABASE_URL: api.database.url });
  const answerOf = async (run: Promise<Run>) => {
    const { exitCode, stdout, stderr } = await run;
    if (exitCode !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, string>;
  };

  it('the command line makes a tenant with its admin, and suspends and resumes the tenant', async () => {
    const { tenantId } = await answerOf(
      run('bootstrap', '--tenant', 'Acme', '--admin-email', 'Ada@acme.example', '--json'),
    );
    const session = await api.issuer.token('ada@acme.example', 60, new Date());
    const ask = () => api.query('{ viewer { tenant { name } } }', { session });
    expect((await ask()).data).toEqual({ viewer: { tenant: { name: 'Acme' } } });
    await answerOf(here('tenants', 'suspend', String(tenantId), '--json'));
    expect([(await ask()).status, (await ask()).reason]).toEqual([401, 'INVALID_SESSION']);
    await answerOf(here('tenants', 'resume', String(tenantId), '--json'));
    expect((await ask()).status).toBe(200);
  });

  it('the command line makes a service account, and the key of the account ends with it', async () => {
    const key = await api.given.apiKey();
    const email = `ci-${randomUUID()}@acme.example`;
    const user = ['--tenant', key.tenant.id, '--email', email, '--role', 'OPERATOR', '--service'];
    const added = await answerOf(run('users', 'add', ...user, '--json'));
    expect(added).toMatchObject({ kind: 'SERVICE', role: 'OPERATOR', isActive: true });
    const robot = { ...key.admin, id: String(added['id']) };
    const { secret } = await api.given.apiKey({
      tenant: key.tenant,
      owner: robot,
      scopes: ['devices:read', 'devices:write'],
    });
    const ask = async () => {
      await api.caughtUp();
      return api.query('{ viewer { scopes } }', { key: secret });
    };
    expect((await ask()).at('viewer.scopes')).toEqual(['devices:read', 'devices:write']);
    await answerOf(here('users', 'role', email, 'VIEWER', '--json'));
    expect((await ask()).at('viewer.scopes')).toEqual(['devices:read']);
    await answerOf(here('users', 'deactivate', email, '--json'));
    expect((await ask()).reason).toBe('OWNER_INACTIVE');
    await answerOf(here('users', 'activate', email, '--json'));
    expect((await ask()).status).toBe(200);
  });

  it('the command line refuses an impossible command with one line and an exit code', async () => {
    const refusals: [string, typeof run, string[], number][] = [
      ['an unknown command', run, ['nope'], 2],
      ['a missing option', run, ['bootstrap', '--tenant', 'x'], 2],
      ['an option that is none', run, ['tenants', 'list', '--nope'], 2],
      ['a role that is none', run, ['users', 'role', 'a@b', 'KING'], 2],
      ['a tenant that is not there', run, ['tenants', 'suspend', randomUUID()], 1],
      ['an id that is none', here, ['tenants', 'suspend', 'x'], 1],
      ['a user that is not there', here, ['users', 'deactivate', 'nobody@nowhere.example'], 1],
    ];
    for (const [what, how, args, expected] of refusals) {
      const { exitCode, stdout, stderr } = await how(...args);
      expect([what, exitCode, stdout]).toEqual([what, expected, '']);
      expect(stderr).not.toMatch(/\n\s+at /);
      expect(stderr.trim()).not.toBe('');
    }
  });

  it.each([
    [['users', 'list', '--tenant', 'x'], '--tenant: is not a UUID.\n'],
    [['tenants', 'suspend', 'x'], 'id: is not a UUID.\n'],
  ])('the command line names a wrong value by its option or argument: %j', async (args, stderr) => {
    expect(await here(...args)).toEqual({ exitCode: 1, stdout: '', stderr });
  });

  it.each([
    [['tenants', 'add', '\u2800'], 'name'],
    [['tenants', 'add', 'a\u2029b'], 'name'],
    [['bootstrap', '--tenant', '\u3164', '--admin-email', 'ada@acme.example'], '--tenant'],
    [['users', 'add', '--email', 'x@acme.example', '--role', 'SUPER_ADMIN', '--name', '\u200b\u00ad'], '--name'],
  ])('the command line makes nothing with a name that shows nothing or breaks the line: %j', async (args, named) => {
    const { exitCode, stdout, stderr } = await here(...args);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^${named}: (needs at least one visible|holds a control) character\\.\n$`));
  });

  it('the command line prints a session token only for a user for whom the token opens something', async () => {
    const person = await api.given.user();
    const account = await api.given.user({ kind: 'SERVICE' });
    const leaver = await api.given.user();
    await answerOf(here('users', 'deactivate', leaver.email, '--json'));
    const ask = (email: string) => here('session', '--email', email);
    const printed = await ask(person.email);
    expect([printed.exitCode, printed.stdout]).toEqual([0, expect.stringMatching(/^eyJ[\w.-]+\n$/)]);
    expect(await ask(account.email)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        `${account.email} is a service account and has no sessions: ` +
        `use "npm run portal -- keys create --owner ${account.email} …" instead.\n`,
    });
    expect(await ask(leaver.email)).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('users activate'),
    });
    expect(await ask('nobody@nowhere.example')).toEqual({ exitCode: 1, stdout: '', stderr: 'User not found.\n' });
  });

  it('the command line prints its version', async () => {
    const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8')) as {
      version: string;
    };
    expect(await run('--version')).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('the help shows the default lifetime of a session in the form in which it is written', async () => {
    const { stdout } = await run('session', '--help');
    expect(stdout.replace(/\s+/g, ' ')).toContain('(default: 12h)');
  });

  it('the command line refuses an e-mail that is taken, in any tenant', async () => {
    const { email } = await api.given.user();
    const tenant = await api.given.tenant();
    const { exitCode, stderr } = await here('users', 'add', '--tenant', tenant.id, '--email', email.toUpperCase());
    expect([exitCode, stderr.trim()]).toEqual([1, `A user with the e-mail ${email} already exists.`]);
  });

  it('the command line refuses an e-mail that differs from another only in case, and finds no user by it', async () => {
    const kelvin = 'mar\u212a@acme.example';
    const tenant = await api.given.tenant();
    const added = await here('users', 'add', '--tenant', tenant.id, '--email', kelvin, '--name', 'Mark');
    expect([added.exitCode, added.stderr.trim()]).toEqual([1, '--email: is not an e-mail address.']);
    await answerOf(here('users', 'add', '--tenant', tenant.id, '--email', 'mark@acme.example', '--json'));
    const changed = await here('users', 'deactivate', kelvin);
    expect([changed.exitCode, changed.stderr.trim()]).toEqual([1, 'User not found.']);
  });

  it('the command line prints the id of a tenant as it is stored, in whatever case it was given', async () => {
    const { id } = await api.given.tenant();
    const email = `ci-${randomUUID()}@acme.example`;
    const added = await answerOf(here('users', 'add', '--tenant', id.toUpperCase(), '--email', email, '--json'));
    expect(added).toMatchObject({ tenantId: id });
  });
});

describe.each([['migrate'], ['serve'], ['tenants', 'list']])('%s on an old server', (...args) => {
  it('a command reports a server that is too old in one line', async () => {
    const database = await TestDatabase.create();
    // In front of the real one, which every server has.
    await database.sql(`create schema past; grant usage on schema past to public`);
    await database.sql(`create function past.current_setting(text) returns text language sql return '150018'`);
    await database.sql(`alter database "${database.name}" set search_path = past, pg_catalog, public`);
    const { exitCode, stderr } = await command(args, { DATABASE_URL: database.url });
    expect([exitCode, stderr.trim()]).toEqual([1, 'The database is PostgreSQL 15: PostgreSQL 18 is needed.']);
    await database.drop();
  });
});

describe('migrate', () => {
  it('migrate prints what an administrator must run where the login may not make the roles', async () => {
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
    '%s on a configured database refuses missing migrations and newer ones, and changes nothing',
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
