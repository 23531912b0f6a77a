import { tmpdir } from 'node:os';
import { NestFactory } from '@nestjs/core';
import { sql } from 'kysely';
import { Client } from 'pg';
import { KeyAdministration } from '#api-keys';
import { ConnectionPools, JobsDatabase, migrate, TenantDatabase, VerifierDatabase } from '#database';
import { ConnectionAttempts, isPooled, LeadingServer, RecentPositions } from '#database/testing';
import { AppWithOwners, HOST_TABLES, SCHEMA } from '../support/app-with-owners.js';
import { portal } from '../support/command-line.js';
import type { GivenKey } from '../support/given.js';
import { describeWithPgBouncer, PgBouncer } from '../support/pgbouncer.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { until } from '../support/until.js';

/** Of PgBouncer to the server: fewer than the portal has to PgBouncer, so that they go from hand to hand. */
const SERVER_CONNECTIONS = 2;
const ROUNDS = 40;
/** In `HOST_TABLES`. */
const OWNER = 'early@example.test';
const WHO = '{ viewer { kind } }';
const READ = '{ devices { nodes { hostname } totalCount } }';
const CREATE = `mutation ($name: String!) { createDevice(input: { hostname: $name, ipAddress: "::1" }) { device { id } } }`;
const REVOKE = 'mutation ($id: ID!) { revokeApiKeys(input: { ids: [$id] }) { count } }';
const ANYWHERE = { strict: false } as const;
const SESSION = `
  select current_user as role, nullif(current_setting('app.tenant_id', true), '') as tenant,
         current_setting('statement_timeout') as statement, current_setting('transaction_timeout') as transaction,
         current_setting('lock_timeout') as lock, current_setting('idle_in_transaction_session_timeout') as idle,
         current_setting('timezone') as zone, current_setting('datestyle') as dates,
         (select count(*)::int from pg_prepared_statements) as prepared`;
const LIMITED = {
  statement: '5s',
  transaction: '5s',
  lock: '2s',
  idle: '5s',
  zone: 'UTC',
  dates: 'ISO, MDY',
  prepared: 0,
};
const UNLIMITED = {
  statement: '0',
  transaction: '0',
  lock: '0',
  idle: '0',
  zone: 'Asia/Tokyo',
  dates: 'SQL, DMY',
  prepared: 0,
};

describeWithPgBouncer('PgBouncer in transaction mode', () => {
  let database: TestDatabase;
  let bouncer: PgBouncer;
  let api: TestPortal;
  /** Remembers no verdict: each request asks for it through the pooler. */
  let forgetful: TestPortal;
  beforeAll(async () => {
    database = await TestDatabase.create();
    // Others than the application's, so that it shows where nobody sets them.
    await database.sql(`alter database ${database.name} set timezone = 'Asia/Tokyo'`);
    await database.sql(`alter database ${database.name} set datestyle = 'SQL, DMY'`);
    bouncer = await PgBouncer.before(database.url, { default_pool_size: String(SERVER_CONNECTIONS) });
    const place = { database, through: { pool: bouncer.url } };
    api = await TestPortal.start({ ...place, environment: { API_KEYS_CACHE_SIZE: '1000' } });
    forgetful = await TestPortal.start({ ...place, environment: { API_KEYS_CACHE_SIZE: '0' } });
  });
  afterAll(async () => {
    await api.stop();
    await forgetful.stop();
    await bouncer.stop();
    await database.drop();
  });
  const remembered = async ({ secret, tenant }: GivenKey) => {
    await api.settled(tenant.id);
    const unasked = async () => (await api.sqlOf(() => api.query(WHO, { key: secret }))).length === 0;
    await until('the verdict is remembered', unasked);
  };

  it('a key behind PgBouncer is made, makes a device and reads it; an unknown key is refused', async () => {
    const { secret, tenant } = await api.given.apiKey();
    const device = await api.given.device({ tenant });
    expect((await api.query(CREATE, { key: secret, variables: { name: 'zz' } })).status).toBe(200);
    expect((await api.query(READ, { key: secret })).data).toEqual({
      devices: { nodes: [{ hostname: device.hostname }, { hostname: 'zz' }], totalCount: 2 },
    });
    const unknown = await api.query(WHO, { key: unknownKey() });
    expect([unknown.status, unknown.reason]).toEqual([401, 'INVALID_KEY']);
  });

  it(`tenants whose requests share ${SERVER_CONNECTIONS} connections see only their own data`, async () => {
    const keys = await Promise.all([api.given.apiKey(), api.given.apiKey()]);
    const worker = async ({ secret: key, tenant }: GivenKey, portalOfIt: TestPortal) => {
      for (let round = 0; round < ROUNDS; round++) {
        // The second one breaks a constraint, and its transaction is rolled back.
        for (const code of [undefined, 'CONFLICT']) {
          const made = await portalOfIt.query(CREATE, { key, variables: { name: `${tenant.id}-${round}` } });
          expect(made.code).toBe(code);
        }
        const { data } = await portalOfIt.query('{ devices(first: 100) { nodes { hostname } } }', { key });
        const { nodes } = (data as { devices: { nodes: { hostname: string }[] } }).devices;
        expect(nodes).toHaveLength(round + 1);
        expect(nodes.filter(({ hostname }) => !hostname.startsWith(tenant.id))).toEqual([]);
      }
    };
    await Promise.all(keys.map((key, index) => worker(key, index === 0 ? api : forgetful)));
    const [used] = await database.sql<{ count: number }>(
      `select count(*)::int from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'latchkey changes'`,
    );
    expect(used?.count).toBeLessThanOrEqual(SERVER_CONNECTIONS);
  });

  it('a remembered key that is revoked behind PgBouncer is refused from the reply on', async () => {
    const key = await api.given.apiKey();
    await remembered(key);
    const revoked = await api.query(REVOKE, { session: key.admin.session, variables: { id: key.id } });
    expect(revoked.at('revokeApiKeys.count')).toBe(1);
    for (const each of [api, forgetful])
      expect((await each.query(WHO, { key: key.secret })).reason).toBe('REVOKED_KEY');
  });

  it('a remembered key that is revoked directly in the database is refused within two seconds', async () => {
    const key = await api.given.apiKey();
    await remembered(key);
    await database.sql('update api_keys set revoked_at = now() where id = $1', [key.id]);
    await until(
      'the key is refused',
      async () => (await api.query(WHO, { key: key.secret })).reason === 'REVOKED_KEY',
      2_000,
    );
  });

  describe('roles of the connections', () => {
    const tenant = { tenantId: '00000000-0000-4000-8000-00000000000a' };
    it.each([
      [
        'reads',
        'portal_app',
        tenant.tenantId,
        () => api.app.get(TenantDatabase, ANYWHERE).read(tenant, (db) => sql.raw(SESSION).execute(db)),
      ],
      [
        'writes',
        'portal_app',
        tenant.tenantId,
        () => api.app.get(TenantDatabase, ANYWHERE).write(tenant, (session) => sql.raw(SESSION).execute(session)),
      ],
      [
        'jobs',
        'portal_jobs',
        null,
        () => api.app.get(JobsDatabase, ANYWHERE).writeQuietly((session) => sql.raw(SESSION).execute(session)),
      ],
      [
        'lookups',
        'portal_verifier',
        null,
        async () => ({ rows: await api.app.get(VerifierDatabase, ANYWHERE).select('session', SESSION, []) }),
      ],
    ])(
      'each kind of access behind PgBouncer has its role, its tenant and its limits: %s',
      async (_, role, bound, ask) => {
        const { rows } = await ask();
        expect(rows).toEqual([{ role, tenant: bound, ...LIMITED }]);
      },
    );

    it('requests behind PgBouncer leave role, tenant and limits of a connection unchanged', async () => {
      const client = new Client({ connectionString: bouncer.url });
      await client.connect();
      for (let turn = 0; turn < 2 * SERVER_CONNECTIONS; turn++) {
        await api.query(READ, { key: (await api.given.apiKey()).secret });
        const { rows } = await client.query(SESSION);
        expect(rows).toEqual([{ role: 'portal', tenant: null, ...UNLIMITED }]);
        expect((await client.query('select id from api_keys')).rows).toEqual([]);
      }
      await client.end();
    });
  });

  it('the command line works behind PgBouncer, too', async () => {
    const { name } = await api.given.tenant();
    const environment = { DATABASE_URL: bouncer.url, DATABASE_DIRECT_URL: database.url };
    const run = await portal(['tenants', 'list'], { cwd: tmpdir(), environment });
    expect([run.exitCode, run.stderr, run.stdout]).toEqual([0, '', expect.stringContaining(name)]);
  });

  it('serve migrates and serves nothing where no connection is direct, and reports so in one line', async () => {
    const environment = { DATABASE_URL: bouncer.url, PORT: '0' };
    const run = await portal(['serve', '--migrate'], { cwd: tmpdir(), environment });
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringMatching(/^Start-up options do not reach .*\n$/)]);
  });

  it('an application with a schema of its own finds only its own tables behind PgBouncer, beside one that has none', async () => {
    await database.sql(HOST_TABLES);
    await migrate({ url: database.url, ...SCHEMA });
    const app = await NestFactory.create(AppWithOwners.on(bouncer.url, database.url), { logger: false });
    await app.listen(0, '127.0.0.1');
    const keys = app.get(KeyAdministration, ANYWHERE);
    const { key, secret } = await keys.create({ owner: OWNER, name: 'Key', scopes: ['things:read'] });
    const other = await api.given.apiKey();
    const ask = async (token: string) =>
      (await fetch(`${await app.getUrl()}/things`, { headers: { authorization: `Bearer ${token}` } })).status;
    for (let turn = 0; turn < SERVER_CONNECTIONS; turn++) {
      expect([await ask(secret), await ask(other.secret)]).toEqual([200, 401]);
      expect((await forgetful.query(READ, { key: other.secret })).status).toBe(200);
    }
    let uses = SERVER_CONNECTIONS;
    await database.sqlAs('portal', undefined, 'update crm.members set left_at = now()');
    const isRefused = async () => (await ask(secret)) === 401 || uses++ < 0;
    await until('the key is refused', isRefused, 2_000);
    await app.close();
    const counted = 'select sum(allowed)::int as uses from latchkey.api_key_usage_hours where api_key_id = $1';
    expect(await database.sql(counted, [key.id])).toEqual([{ uses }]);
  });

  describe('a pooler that drops start-up options', () => {
    let dropping: PgBouncer;
    beforeAll(async () => {
      dropping = await PgBouncer.before(database.url, { ignore_startup_parameters: 'options' });
    });
    afterAll(() => dropping.stop());

    it('a pooler that drops start-up options is detected as a pooler, and a direct connection is not', async () => {
      const directUrl = database.url;
      const found = [dropping.url, bouncer.url, directUrl].map((url) => isPooled({ url, directUrl }));
      expect(await Promise.all(found)).toEqual([true, true, false]);
    });

    it('an undetected pooler makes lookups fail as an outage: no key is looked up without the role', async () => {
      const [options, servers] = [
        { url: dropping.url, entities: [], migrations: [] },
        api.app.get(LeadingServer, ANYWHERE),
      ];
      const unaware = new VerifierDatabase(
        options,
        false,
        new ConnectionPools(),
        servers,
        new ConnectionAttempts(),
        new RecentPositions(),
      );
      const lookup = unaware.select('keys', 'select id from api_keys', []);
      await expect(lookup).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
      await unaware.onApplicationShutdown();
    });
  });
});
