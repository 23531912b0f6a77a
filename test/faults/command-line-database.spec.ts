import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { command, portal, startPortal } from '../support/command-line.js';
import { TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

describe('commands and their database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterAll(() => database.drop());

  const list = ['tenants', 'list', '--json'];

  it('a command whose login may not take its roles prints what an administrator must run', async () => {
    const login = `login_${randomUUID().slice(0, 8)}`;
    await database.sql(`create role ${login} login password 'password of it'`);
    await database.sql(`grant select on migrations to ${login}`);
    const url = Object.assign(new URL(database.url), { username: login, password: 'password of it' });
    const run = await portal(list, { cwd: tmpdir(), environment: { DATABASE_URL: url.href } });
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toContain(`grant portal_jobs to "${login}" with inherit false, set true;`);
    expect(run.stderr).not.toMatch(/\n\s+at /);
    await database.sql(`drop owned by ${login}`);
    await database.sql(`drop role ${login}`);
  });

  it.each(['serve', 'migrate'])(
    '%s with a login that may not read the tables prints what an administrator must run',
    async (word) => {
      const login = `login_${randomUUID().slice(0, 8)}`;
      await database.sql(`create role ${login} login password 'password of it'`);
      await database.sql('revoke select on migrations from public');
      const url = Object.assign(new URL(database.url), { username: login, password: 'password of it' });
      const run = await portal([word], { cwd: tmpdir(), environment: { DATABASE_URL: url.href, PORT: '0' } });
      expect([run.exitCode, run.stdout]).toEqual([1, '']);
      expect(run.stderr).toContain('An administrator runs this once');
      expect(run.stderr).not.toMatch(/\n\s+at /);
      await database.sql(`drop role ${login}`);
    },
  );

  it('serve changes nothing in an empty database', async () => {
    const empty = await TestDatabase.create();
    await empty.sql('drop schema public cascade; create schema public authorization pg_database_owner');
    const run = await portal(['serve'], { cwd: tmpdir(), environment: { DATABASE_URL: empty.url, PORT: '0' } });
    expect(run.exitCode).toBe(1);
    expect(await empty.sql(`select from pg_class where relname = 'migrations'`)).toEqual([]);
    await empty.drop();
  });

  it('a command on a database that is too slow reports the reason', async () => {
    const run = await database.holding('lock table tenants in access exclusive mode', () =>
      command(list, { DATABASE_URL: database.url }),
    );
    const stderr = 'The database does not answer: canceling statement due to lock timeout\n';
    expect(run).toEqual({ exitCode: 1, stdout: '', stderr });
  });

  it('a command writes warnings to standard error, and only its answer to standard output', async () => {
    // What the invalidation channel asks at its start; no command needs it.
    await database.sql('revoke execute on function pg_notification_queue_usage() from public');
    const warning = 'Changes do not arrive';
    const run = await database.holding('lock table tenants in access exclusive mode', async () => {
      const started = startPortal(list, { cwd: tmpdir(), environment: { DATABASE_URL: database.url } });
      await until('the command writes its warning', () => Object.values(started.output()).join().includes(warning));
      return started;
    });
    const { exitCode, stdout, stderr } = await run.ended;
    expect([exitCode, stdout]).toEqual([0, '[]\n']);
    expect(stderr).toMatch(/^Changes do not arrive.*\n$/);
  });
});
