import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { TenantDatabase } from '#database';
import type { Answer } from '../support/answer.js';
import { CREATE_KEY, type GivenKey } from '../support/given.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import type { TestPortal } from '../support/test-portal.js';
import { type ProxiedPortal, startProxied, stopProxied } from '../support/faults/proxied-portal.js';
import { until } from '../support/until.js';

const CONNECTIONS = 4;
/** So often each fault is made: more often than there are connections, so that a leak of one each would leave none. */
const TIMES = Number(process.env['FAULT_ROUNDS'] ?? CONNECTIONS + 3);
const STORM_MS = Number(process.env['STORM_MS'] ?? 800);
/** Needs no database while the verdict is remembered. */
const WHO = '{ viewer { kind } }';
const READ = '{ devices { nodes { id } } }';
const REMOVE = `mutation { deleteDevice(id: "00000000-0000-4000-8000-000000000000") { id } }`;
const CREATE = `mutation ($name: String!) { createDevice(input: { hostname: $name, ipAddress: "::1" }) { device { id } } }`;
const outcome = ({ status, code }: Answer) => [status, code];
const OUTAGE = [503, 'SERVICE_UNAVAILABLE'];

describe('outages of the database', () => {
  let proxied: ProxiedPortal;
  let silent: ProxiedPortal & { key: GivenKey; answers: Promise<{ answer: Answer; tookMs: number }[]> };
  let api: TestPortal;
  let proxy: TcpProxy;
  let key: GivenKey;
  let hostnames = 0;

  beforeAll(async () => {
    // Which keys still work while the database is away depends on what is remembered; and a flush of uses would meet the
    // faults that requests are to meet.
    const config = { databaseConnections: CONNECTIONS, apiKeys: { flushIntervalSeconds: 3_600 } };
    const options = { environment: { API_KEYS_CACHE_SIZE: '1000' }, config };
    proxied = await startProxied(options);
    ({ api, pool: proxy } = proxied);
    key = await api.given.apiKey();
    // A silence lasts long: it goes on beside the other tests.
    const other = await startProxied(options);
    const otherKey = await other.api.given.apiKey();
    await other.api.query(READ, { key: otherKey.secret });
    other.pool.blackhole();
    const answers = Promise.all([READ, REMOVE, READ].map((query) => timed(other.api, otherKey, query)));
    silent = { ...other, key: otherKey, answers };
  });
  afterAll(async () => {
    await Promise.all([proxied, silent].map(stopProxied));
  });
  afterEach(() => {
    proxy.pass();
    proxy.meetNothing();
  });

  const timed = async (portal: TestPortal, { secret }: GivenKey, query: string) => {
    const since = performance.now();
    const answer = await portal.query(query, { key: secret });
    return { answer, tookMs: performance.now() - since };
  };
  const ask = (query: string, variables?: Record<string, unknown>) => api.query(query, { key: key.secret, variables });
  const create = () => ask(CREATE, { name: `sw-${++hostnames}` });
  const remembered = async () => {
    await api.settled(key.tenant.id);
    await until('the verdict is remembered', async () => (await ask(WHO)).status === 200);
  };
  /** Reads and writes work again, and as many at once as there are connections: none was lost. */
  const recovers = async (withinMs: number) => {
    await until(
      'the portal works again',
      async () => (await ask(READ)).status === 200 && (await create()).status === 200,
      withinMs,
    );
    const database = api.app.get(TenantDatabase, { strict: false });
    const read = () => database.read(key.admin, (db) => sql`select pg_sleep(0.05)`.execute(db));
    const all = () => Promise.allSettled(Array.from({ length: CONNECTIONS }, read));
    const allWork = async () => (await all()).every(({ status }) => status === 'fulfilled');
    // A connection that broke while it was made holds new ones back for a moment.
    await until('all connections work', allWork, withinMs);
    // A connection that was given up ends on the server when its last bytes have arrived.
    const left = `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
    await until('no transaction is left open', async () => (await api.database.sql(left)).length === 0, 2_000);
  };

  it(`a database that ends backends inside a transaction, ${TIMES} of them, costs each its own request only (F3)`, async () => {
    const database = api.app.get(TenantDatabase, { strict: false });
    for (let time = 0; time < TIMES; time++) {
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      const waiting = database.write(key.admin, async (session) => {
        await sql`select 1`.execute(session);
        begin();
        await ended;
        await sql`select 2`.execute(session);
      });
      await begun;
      await until('a backend waits in its transaction', async () => {
        const killed = await api.database.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and state = 'idle in transaction'`,
        );
        return killed.length > 0;
      });
      end();
      await expect(waiting).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    }
    await recovers(2_000);
  });

  it.each([
    // Nothing has happened yet: it is done on another connection.
    ['begin', ';', create, [200, undefined], TIMES],
    ['commit', '\0', create, OUTAGE, 0],
    ['rollback', '\0', () => ask(REMOVE), [200, 'NOT_FOUND'], 0],
  ])(
    `a connection that breaks at a %s, ${TIMES} times, leaves nothing half done, and the pool replaces it (F4)`,
    async (word, end, work, expected, made) => {
      const before = (await api.database.sql('select from devices')).length;
      for (let time = 0; time < TIMES; time++) {
        proxy.meet(`${word}${end}`, (connection) => (connection.reset(), proxy.meetNothing()));
        expect(outcome(await work())).toEqual(expected);
      }
      proxy.meetNothing();
      expect(await api.database.sql('select from devices')).toHaveLength(before + made);
      await recovers(2_000);
    },
  );

  it('while the database gives every connection to others, remembered keys work, and all other requests get a 503 in time (F15)', async () => {
    await remembered();
    const database = api.app.get(TenantDatabase, { strict: false });
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const holders = Array.from({ length: CONNECTIONS }, () => database.read(key.admin, () => released));
    const since = performance.now();
    expect(outcome(await ask(READ))).toEqual(OUTAGE);
    expect(performance.now() - since).toBeLessThan(2_500);
    expect((await ask(WHO)).status).toBe(200);
    release();
    await Promise.all(holders);
    await recovers(1_000);
  });

  it('a database half a second away serves everything, and a key is looked up once for all requests that wait (F16)', async () => {
    const fresh = await api.given.apiKey({ tenant: key.tenant });
    await api.settled(key.tenant.id);
    proxy.delay(250);
    const statements = await api.sqlOf(async () => {
      const asked = Array.from({ length: CONNECTIONS }, () => api.query(READ, { key: fresh.secret }));
      const answers = await Promise.all(asked);
      expect(answers.map(outcome)).toEqual(answers.map(() => [200, undefined]));
    });
    expect(statements.filter((statement) => statement.includes('key_hash'))).toHaveLength(1);
    proxy.pass();
    await recovers(2_000);
  });

  it('a database three seconds away lets every request end, with its answer or a 503 (F16)', async () => {
    await remembered();
    proxy.delay(1_500);
    const since = performance.now();
    for (const { status } of await Promise.all([ask(WHO), ask(READ), create()])) expect([200, 503]).toContain(status);
    expect(performance.now() - since).toBeLessThan(10_000);
    proxy.pass();
    await recovers(3_000);
  });

  it('a database that refuses connections is an outage, never a bad key (F17)', async () => {
    await remembered();
    const other = await api.given.apiKey({ tenant: key.tenant });
    await api.settled(key.tenant.id);
    await remembered();
    await proxy.refuse();
    proxy.reset();
    const endsAt = performance.now() + 1_000;
    const seen: Answer[] = [];
    while (performance.now() < endsAt) {
      seen.push(...(await Promise.all([ask(READ), api.query(WHO, { key: other.secret })])));
      expect((await ask(WHO)).status).toBe(200);
    }
    expect(seen.map(outcome)).toEqual(seen.map(() => OUTAGE));
    expect(seen[0]?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    await proxy.listen();
    await recovers(5_000);
  });

  it('a database without a free connection is an outage, too, and is asked sparingly (F17)', async () => {
    const limitTo = (most: number) => api.database.sql(`alter database ${api.database.name} connection limit ${most}`);
    const isProven = () => api.invalidations.isProven(performance.now());
    await until('a verdict is used in an outage of a second', async () => {
      await remembered();
      await limitTo(1);
      proxy.reset();
      const [{ connections }, begunAt, seen] = [proxy, performance.now(), new Set<number>()];
      try {
        while (performance.now() < begunAt + 1_000) {
          const wasProven = isProven();
          const { status } = await ask(WHO);
          seen.add(status);
          // A verdict is remembered as long as changes are proven, which late heartbeats of a busy machine make shorter.
          if (status !== 200) expect([status, wasProven && isProven()]).toEqual([503, false]);
          expect(outcome(await ask(READ))).toEqual(OUTAGE);
        }
      } finally {
        await limitTo(-1);
      }
      expect(proxy.connections - connections).toBeLessThanOrEqual(5 * Math.ceil((performance.now() - begunAt) / 1_000));
      await recovers(5_000);
      return seen.has(200);
    });
  });

  it('no request waits longer than the lock timeout while a table is locked (F18)', async () => {
    await api.database.holding('lock table api_keys in access exclusive mode', async () => {
      const since = performance.now();
      const input = { name: 'k', scopes: ['devices:read'] };
      const making = await api.query(CREATE_KEY, { session: key.admin.session, variables: { input } });
      expect(outcome(making)).toEqual(OUTAGE);
      expect(performance.now() - since).toBeLessThan(3_500);
    });
    await recovers(2_000);
  });

  it('keys stay good while a tenth of the connections to the database is lost again and again (F40)', async () => {
    await remembered();
    const endsAt = performance.now() + STORM_MS;
    const storm = (async () => {
      while (performance.now() < endsAt) {
        await sleep(50);
        proxy.reset(0.1);
      }
    })();
    const seen: number[] = [];
    while (performance.now() < endsAt)
      for (const { status } of await Promise.all([ask(READ), ask(WHO), create(), ask(REMOVE)])) seen.push(status);
    await storm;
    expect([...new Set(seen)].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(seen).toContain(200);
    await recovers(2_000);
  });

  it('a database that has gone silent lets every request end within ten seconds, and is found again', async () => {
    for (const { answer, tookMs } of await silent.answers) {
      expect(outcome(answer)).toEqual(OUTAGE);
      expect(tookMs).toBeLessThan(10_000);
    }
    silent.pool.pass();
    silent.pool.reset();
    const works = async () => (await silent.api.query(READ, { key: silent.key.secret })).status === 200;
    await until('the portal works again', works, 2_000);
  });
});
