import { jest } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Instance } from '../support/faults/instance.js';
import { askKeys, keyIn } from '../support/key-operations.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { databaseNow, flush, QUIET } from '../support/usage.js';
import { HOUR_MS, MINUTE_MS } from '../support/durations.js';

const WHO = '{ viewer { kind } }';
const WRITTEN = `
  select last_used_at as at from api_keys where id = $1
  union all select rotation_started_at from api_keys where id = $1
  union all select created_at from api_keys where id = $2
  union all select at from api_key_events where api_key_id = $1 and kind = 'ROTATED' or api_key_id = $2`;
/** Timers go on as ever: only `Date` shows another time. */
const ALL_BUT_DATE = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

describe('clock of an instance (F22)', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start({ config: QUIET });
  });
  afterEach(() => jest.useRealTimers());
  afterAll(() => api.stop());

  const shift = (ms: number) => {
    const now = performance.timeOrigin + performance.now() + ms;
    jest.useFakeTimers({ doNotFake: [...ALL_BUT_DATE], now });
  };

  it.each([
    ['an hour ahead', [HOUR_MS]],
    ['an hour behind', [-HOUR_MS]],
    ['a day ahead', [24 * HOUR_MS]],
    ['a day behind', [-24 * HOUR_MS]],
    ['stepping back ten minutes again and again', [-10, -20, -30].map((minutes) => minutes * MINUTE_MS)],
  ])(
    'the clock of an instance decides nothing while it is %s: verdicts, last uses and events follow the clock of the database',
    async (_, shifts) => {
      const [good, brief, expired, revoked] = await Promise.all([1, 2, 3, 4].map(() => api.given.apiKey()));
      const set = (column: string, instant: string, id = '') =>
        api.database.sql(`update api_keys set ${column} = ${instant} where id = $1`, [id]);
      await set('expires_at', `now() + interval '90 s'`, brief?.id);
      await set('expires_at', `now() - interval '1 s'`, expired?.id);
      await set('revoked_at', 'now()', revoked?.id);
      const reasons = async () => {
        const asked = [good, brief, expired, revoked].map((key) => api.query(WHO, { key: key?.secret ?? '' }));
        return (await Promise.all(asked)).map(({ status, reason }) => reason ?? status);
      };
      const before = await databaseNow(api);
      for (const ms of shifts) {
        shift(ms);
        await api.caughtUp();
        const expectedReasons = [200, 200, 'EXPIRED_KEY', 'REVOKED_KEY'];
        expect([await reasons(), await reasons()]).toEqual([expectedReasons, expectedReasons]);
      }
      const rotated = await askKeys(api, 'rotateApiKey', { input: {} }, { key: good?.secret ?? '' });
      expect(keyIn(rotated, 'rotateApiKey').rotation?.startedAt).toBeDefined();
      const made = await api.given.apiKey();
      await flush(api);
      jest.useRealTimers();
      const after = await databaseNow(api);
      const written = await api.database.sql<{ at: Date }>(WRITTEN, [good?.id, made.id]);
      // Last use and start of the rotation, creation, and the events of both keys that were made after the shift.
      expect(written).toHaveLength(5);
      for (const { at } of written) {
        expect(at.getTime()).toBeGreaterThanOrEqual(before);
        expect(at.getTime()).toBeLessThanOrEqual(after);
      }
    },
  );
});

describe('clock of an instance that steps back', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start({ config: QUIET });
  });
  afterEach(() => jest.useRealTimers());
  afterAll(() => api.stop());

  const REPORT = 'mutation ($key: String!) { reportLeakedApiKey(key: $key) { accepted } }';
  const waits = ({ status, headers }: Awaited<ReturnType<TestPortal['query']>>) => [
    status,
    Number(headers.get('retry-after')),
  ];

  it.each([
    ['unknown keys', 300, () => api.query(WHO, { key: unknownKey() })],
    ['leak reports', 20, () => api.query(REPORT, { variables: { key: unknownKey() } })],
  ])(
    'an instance whose clock steps back an hour closes an address for at most a minute after too many %s',
    async (_, limit, ask) => {
      for (let asked = 0; asked < limit; asked += 20) await Promise.all(Array.from({ length: 20 }, ask));
      jest.useFakeTimers({ doNotFake: [...ALL_BUT_DATE], now: Date.now() - HOUR_MS });
      for (let refusal = 1; refusal <= 2; refusal++) {
        const [status, retryAfter] = waits(await ask());
        expect(status).toBe(429);
        expect(retryAfter).toBeLessThanOrEqual(60);
      }
    },
  );
});

describe('time zones and date styles (F23)', () => {
  it('time zones and date styles change no instant: reply, list and table show the same millisecond', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'latchkey-zone-'));
    const database = await TestDatabase.create();
    const home = await TestPortal.start({ database, config: { dataDirectory: join(cwd, '.data') } });
    const { session } = await home.given.user();
    await database.sql(`alter role portal in database ${database.name} set timezone = 'Asia/Kolkata'`);
    await database.sql(`alter role portal in database ${database.name} set datestyle = 'SQL, DMY'`);
    const environment = { DATABASE_URL: database.url, TZ: 'America/New_York', LOG_LEVEL: 'warn' };
    const elsewhere = await Instance.start({ cwd, environment });

    const expiresAt = '2030-07-01T12:34:56.789Z';
    const input = { name: 'zone', scopes: ['devices:read'], expiresAt };
    const { createdAt, id, ...made } = keyIn(
      await askKeys(elsewhere, 'createApiKey', { input }, { session }),
      'createApiKey',
    );
    expect(made.expiresAt).toBe(expiresAt);
    for (const api of [elsewhere, home]) {
      const read = keyIn(await askKeys(api, 'apiKey', { id }, { session }), 'apiKey');
      expect([read.createdAt, read.expiresAt]).toEqual([createdAt, expiresAt]);
    }
    const [row] = await database.sql(
      `select round(extract(epoch from date_trunc('milliseconds', created_at)) * 1000)::float8 as created,
              (extract(epoch from expires_at) * 1000)::float8 as expires from api_keys where id = $1`,
      [id],
    );
    expect(row).toEqual({ created: Date.parse(createdAt), expires: Date.parse(expiresAt) });

    await elsewhere.end('SIGKILL');
    await home.stop();
    await database.drop();
    await rm(cwd, { recursive: true, force: true });
  });
});
