import { RateLimiter } from '#api-keys';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { until } from '../support/until.js';

const DEVICES = `{ devices { nodes { id } } }`;

describeWithRedis('a store of limits that is away', () => {
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

  it('opens limits, with a log line and a count, and never identity; they hold again once it is back (F25)', async () => {
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

  it('that hangs holds a request up by less than a second', async () => {
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

  it('does not keep the application from starting', async () => {
    await redis.stop();
    await start();
    const key = await limited();
    expect([await status(key), await status(key)]).toEqual([200, 200]);
    expect(warnings()).toHaveLength(1);
    await redis.restart();
    await until('limits hold', async () => (await status(key)) === 429);
  });
});
