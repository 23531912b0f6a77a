import { Redis } from 'ioredis';
import { RateLimiter } from '#api-keys';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { until } from '../support/until.js';

const DEVICES = `{ devices { nodes { id } } }`;

describeWithRedis('store of rate limits that is away', () => {
  let redis: RedisServer;
  let api: TestPortal;
  beforeEach(async () => {
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    await api.stop();
    await redis.stop();
  });

  const start = async () => {
    api = await TestPortal.start({ environment: { REDIS_URL: redis.url } });
  };
  const counters = () => api.app.get(RateLimiter, { strict: false }).counters;
  const warnings = () => api.log.filter((line) => line.includes('The store of rate limits is away'));
  const limited = async () =>
    (await api.given.apiKey({ scopes: ['devices:read'], rateLimit: { limit: 1, windowSeconds: 600 } })).secret;
  const status = async (key: string) => (await api.query(DEVICES, { key })).status;

  it('a store of rate limits that is away lifts limits, with one log line and a count, and never identity; limits hold again once the store is back (F25)', async () => {
    await start();
    const key = await limited();
    expect([await status(key), await status(key)]).toEqual([200, 429]);
    await redis.stop();
    for (let request = 1; request <= 5; request++) {
      const answer = await api.query(DEVICES, { key });
      expect([answer.status, answer.headers.get('ratelimit-limit')]).toEqual([200, null]);
      expect(counters().uncounted).toBe(request);
    }
    expect(warnings()).toHaveLength(1);
    expect(await status(unknownKey())).toBe(401);
    expect(await status(`${key.slice(0, -1)}!`)).toBe(401);
    expect((await api.query('{ apiKeyPolicy { requireExpiry } }', { key })).status).toBe(403);
    await redis.restart();
    await until('limits hold again', async () => (await status(key)) === 429);
  });

  it('a store of rate limits that hangs delays a request by less than a second', async () => {
    await start();
    const key = await limited();
    expect([await status(key), await status(key)]).toEqual([200, 429]);
    redis.hang();
    const startedAt = performance.now();
    expect(await status(key)).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    redis.wake();
    await until('limits hold again', async () => (await status(key)) === 429);
  });

  it('a key sees what is left of its rate as the store counts it, and no state while the store is away or hangs', async () => {
    await start();
    const state = async (key: string) => {
      const answer = await api.query(
        '{ viewer { rateLimit { limit windowSeconds remaining resetsAt } again: rateLimit { remaining } } }',
        {
          key,
        },
      );
      expect(answer.status).toBe(200);
      return answer.at<{ remaining: number; resetsAt: string } | null>('viewer.rateLimit');
    };
    const { secret: key } = await api.given.apiKey({ rateLimit: { limit: 10, windowSeconds: 600 } });
    for (const remaining of [9, 8]) {
      const shown = await state(key);
      expect(shown).toMatchObject({ limit: 10, windowSeconds: 600, remaining });
      const endsInMs = Date.parse(shown?.resetsAt ?? '') - Date.now();
      expect(endsInMs).toBeGreaterThan(590_000);
      expect(endsInMs).toBeLessThanOrEqual(600_000);
    }
    expect(await state((await api.given.apiKey()).secret)).toBeNull();
    redis.hang();
    const startedAt = performance.now();
    expect(await state(key)).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    redis.wake();
    await until('the store counts again', async () => (await state(key)) !== null);
    await redis.stop();
    expect(await state(key)).toBeNull();
    await redis.restart();
    await until('the store counts again', async () => (await state(key)) !== null);
  });

  it('a store of rate limits that is away does not keep the application from starting', async () => {
    await redis.stop();
    await start();
    const key = await limited();
    expect([await status(key), await status(key)]).toEqual([200, 200]);
    expect(warnings()).toHaveLength(1);
    await redis.restart();
    await until('limits hold', async () => (await status(key)) === 429);
  });
});

describeWithRedis('Redis of two deployments', () => {
  const REPORT = 'mutation ($key: String!) { reportLeakedApiKey(key: $key) { accepted } }';
  const REPORTS = 20;
  let redis: RedisServer;
  let one: TestPortal;
  let neighbour: TestPortal;
  let another: TestPortal;
  beforeAll(async () => {
    redis = await RedisServer.start();
    const environment = { REDIS_URL: redis.url };
    one = await TestPortal.start({ environment });
    neighbour = await TestPortal.start({ environment, database: one.database });
    another = await TestPortal.start({ environment });
  });
  afterAll(async () => {
    await another.stop();
    await neighbour.stop();
    await one.stop();
    await redis.stop();
  });

  const report = async (api: TestPortal) => {
    const { status, headers } = await api.query(REPORT, { variables: { key: unknownKey() } });
    return { status, retryAfter: Number(headers.get('retry-after')) };
  };

  it('a Redis that two deployments share counts for each deployment by itself, and for all instances of one together', async () => {
    for (let count = 0; count < REPORTS; count++) expect((await report(one)).status).toBe(200);
    expect((await report(neighbour)).status).toBe(429);
    expect((await report(another)).status).toBe(200);
  });

  it('an address is closed for at most a minute, though the clock of Redis was set back', async () => {
    const client = new Redis(redis.url);
    try {
      const keys = await client.keys('latchkey:*');
      expect(keys).not.toHaveLength(0);
      for (const key of keys) await client.pexpire(key, 3_600_000);
    } finally {
      client.disconnect();
    }
    const { status, retryAfter } = await report(one);
    expect(status).toBe(429);
    expect(retryAfter).toBeLessThanOrEqual(60);
  });

  it('each instance sees the units of a key that the others counted', async () => {
    const { secret: key } = await one.given.apiKey({ rateLimit: { limit: 10, windowSeconds: 600 } });
    const left = async (api: TestPortal) =>
      (await api.query('{ viewer { rateLimit { remaining } } }', { key })).at<number>('viewer.rateLimit.remaining');
    expect([await left(one), await left(neighbour), await left(one)]).toEqual([9, 8, 7]);
  });

  it('an unknown key counts once, and more than 300 of them close an address for all instances', async () => {
    const status = async (api: TestPortal, key: string) => (await api.query(DEVICES, { key })).status;
    const same = unknownKey();
    for (let asked = 0; asked < 30; asked++)
      await Promise.all(Array.from({ length: 10 }, () => status(one, unknownKey())).concat(status(one, same)));
    expect(await status(neighbour, unknownKey())).toBe(429);
  });
});
