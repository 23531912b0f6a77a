import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageRetention } from '#api-keys';
import type { EmbeddedServer } from '#embedded-server';
import { command, serve } from '../support/command-line.js';
import { ask, Bench } from '../support/faults/embedded-bench.js';
import { oldRow } from '../support/old-row.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';

const PASSWORD = 'only-for-this-server';
const ROLES = ['portal_app', 'portal_verifier', 'portal_jobs'];

describe('two logins', () => {
  let bench: Bench;
  let server: EmbeddedServer;
  beforeAll(async () => {
    bench = await Bench.make();
    server = await bench.start();
    for (const login of [
      'migrator login createrole',
      'newcomer login createrole',
      'serving login',
      'later login',
      'last login',
    ])
      await ask(server.superuserUrl, `create role ${login} password '${PASSWORD}'`);
  });
  afterAll(() => bench.clean());

  const urlOf = (login: string, database: string) =>
    Object.assign(new URL(server.url), { username: login, password: PASSWORD, pathname: database }).href;
  const administratorOf = (database: string) =>
    Object.assign(new URL(server.superuserUrl), { pathname: database }).href;
  /** A database that the login owns. */
  const database = async (owner: string) => {
    const name = `two_${randomUUID().slice(0, 8)}`;
    await ask(server.superuserUrl, `create database ${name} owner ${owner}`);
    return name;
  };
  const environmentOf = (name: string, serving: string, migrating?: string): Record<string, string> => ({
    DATABASE_URL: urlOf(serving, name),
    ...(migrating ? { DATABASE_MIGRATE_URL: urlOf(migrating, name) } : {}),
  });
  const migrated = async (serving = 'serving') => {
    const name = await database('migrator');
    const run = await command(['migrate', '--json'], environmentOf(name, serving, 'migrator'));
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    return name;
  };
  /** What a start logs beside its address. */
  const warningsOf = async (environment: Record<string, string>) => {
    const served = await serve([], { cwd: bench.root, environment: { ...environment, LOG_LEVEL: 'warn' } });
    expect(await served.end('SIGTERM')).toBe(0);
    const { stdout, stderr } = served.output();
    return (stdout + stderr).split('\n').filter((line) => /owns the tables|may make|row level security/.test(line));
  };

  it('the login that migrates makes the roles for the login that serves, which owns nothing and may read the applied migrations', async () => {
    const name = await migrated();
    const [rights] = await ask(
      urlOf('serving', name),
      `select array(select relname::text from pg_class where pg_has_role('serving', relowner, 'member')) as owned,
        array(select role from unnest(array['${ROLES.join(`','`)}']) role where pg_has_role('serving', role, 'usage')) as inherited,
        array(select role from unnest(array['${ROLES.join(`','`)}']) role where pg_has_role('serving', role, 'set')) as settable,
        (select count(*)::int > 10 from public.migrations) as "isShown",
        has_database_privilege(current_database(), 'temp') or has_schema_privilege('public', 'create') as "makesTables"`,
    );
    expect(rights).toEqual({ owned: [], inherited: [], settable: ROLES, isShown: true, makesTables: false });
    expect(await warningsOf(environmentOf(name, 'serving'))).toEqual([]);
  });

  it('the login that owns nothing serves keys, sessions, commands, import and retention', async () => {
    const name = await migrated();
    const portal = await TestPortal.start({
      database: TestDatabase.at(urlOf('serving', name), administratorOf(name)),
    });
    const { secret, tenant, admin, id } = await portal.given.apiKey();
    const device = await portal.given.device({ tenant });
    const list = '{ devices { nodes { hostname } } }';
    expect((await portal.query(list, { key: secret })).at('devices.nodes')).toEqual([{ hostname: device.hostname }]);
    await portal.app.get(UsageRetention, { strict: false }).run();
    expect((await (await fetch(`${portal.url}/health/ready`)).json()) as unknown).toMatchObject({ status: 'ok' });

    const environment = environmentOf(name, 'serving');
    expect((await command(['tenants', 'list', '--json'], environment)).stdout).toContain(tenant.name);
    const file = join(bench.root, 'rows.ndjson');
    await writeFile(file, JSON.stringify(oldRow(admin, {})));
    expect((await command(['import', '--from', file], environment)).stdout).toContain('imported: 1');
    expect((await command(['keys', 'revoke', id], environment)).exitCode).toBe(0);
    await portal.caughtUp();
    expect((await portal.query(list, { key: secret })).reason).toBe('REVOKED_KEY');
    await portal.stop();
  });

  it('another login may serve after a further run of migrate', async () => {
    const name = await migrated();
    await expect(warningsOf(environmentOf(name, 'later'))).rejects.toThrow(/may not read the table|lacks the roles/);
    await command(['migrate'], environmentOf(name, 'later', 'migrator'));
    expect(await warningsOf(environmentOf(name, 'later'))).toEqual([]);
  });

  it('the login that serves is refused the tables, also after it has left its role', async () => {
    const name = await migrated();
    for (const statement of [
      'drop table api_keys',
      'alter table api_keys disable row level security',
      'table api_keys',
    ])
      await expect(
        ask(urlOf('serving', name), `set role portal_app; select set_config('role', 'none', false); ${statement}`),
      ).rejects.toMatchObject({ code: '42501' });
  });

  it('serve warns at each start where its login owns the tables, or the roles may make tables', async () => {
    const name = await database('migrator');
    expect((await command(['migrate'], environmentOf(name, 'migrator'))).exitCode).toBe(0);
    expect(await warningsOf(environmentOf(name, 'migrator'))).toEqual([
      expect.stringMatching(/The login migrator owns the tables.*DATABASE_MIGRATE_URL/),
    ]);
    await ask(
      administratorOf(name),
      `grant temporary on database ${name} to public; grant create on schema public to portal_app`,
    );
    expect(await warningsOf(environmentOf(name, 'migrator'))).toEqual([
      expect.stringContaining('owns the tables'),
      expect.stringContaining('portal_app, portal_verifier, portal_jobs may make temporary tables'),
      expect.stringContaining('portal_app may make tables in the schema public'),
    ]);
  });

  it('migrate refuses two URLs of different databases, and the URL of the migrating login alone', async () => {
    const [one, other] = [await database('migrator'), await database('migrator')];
    const environment = { ...environmentOf(one, 'serving'), DATABASE_MIGRATE_URL: urlOf('migrator', other) };
    const elsewhere = await command(['migrate'], environment);
    expect([elsewhere.exitCode, elsewhere.stderr]).toEqual([
      1,
      'DATABASE_MIGRATE_URL leads to another database than DATABASE_URL.\n',
    ]);
    const alone = await command(['migrate'], { DATABASE_MIGRATE_URL: urlOf('migrator', other) });
    expect([alone.exitCode, alone.stderr]).toEqual([1, expect.stringContaining('DATABASE_URL is needed')]);
  });

  it('migrate prints the statements for the serving login where the migrating login may not run them', async () => {
    // The roles are there already, and were made by another login.
    await migrated();
    const name = await database('newcomer');
    const run = await command(['migrate'], environmentOf(name, 'last', 'newcomer'));
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('grant portal_app to "last" with inherit false, set true');
  });
});
