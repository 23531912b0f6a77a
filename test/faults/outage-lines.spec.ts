import { RateLimiter, UseRecorder } from '#api-keys';
import { useProxiedPortal } from '../support/hooks.js';
import { describeWithRedis, RedisServer } from '../support/redis-server.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { flush, QUIET, READ } from '../support/usage.js';

const WEBHOOKS = { acceptHttp: true, allowedNetworks: [], pollMs: 20, sweepMs: 20 };

type Level = 'info' | 'warn' | 'error';
const LEVELS: Record<number, Level> = { 30: 'info', 40: 'warn', 50: 'error' };

/** The levels of the lines with one of these beginnings, in the order of the log. */
function levelsOf({ log }: TestPortal, ...beginnings: string[]): (Level | undefined)[] {
  return log
    .map((line) => JSON.parse(line) as { level: number; msg?: string })
    .filter(({ msg = '' }) => beginnings.some((beginning) => msg.startsWith(beginning)))
    .map(({ level }) => LEVELS[level]);
}

describe('lines of an outage', () => {
  let api: TestPortal;
  let pool: TcpProxy;
  let listen: TcpProxy;
  useProxiedPortal((started) => ({ api, pool, listen } = started), { config: { ...QUIET, webhooks: WEBHOOKS } });

  it('an outage of the announcements of changes is a pair of lines: a warning, and its end', async () => {
    const levels = () => levelsOf(api, 'Changes do not arrive', 'Changes arrive again');
    await api.settled();
    for (let outage = 1; outage <= 2; outage++) {
      const before = levels().length;
      await listen.refuse();
      listen.reset();
      await until('the outage is logged', () => levels().length > before);
      await listen.listen();
      await until('the end of the outage is logged', () => levels().length > before + 1);
    }
    expect(levels()).toEqual(['warn', 'info', 'warn', 'info']);
  });

  it.each([
    ['webhooks', 'Webhooks cannot be sent at the moment', 'Webhooks are sent again.'],
    [
      'notices of keys that expire',
      'Keys that expire cannot be looked for at the moment',
      'Keys that expire are looked for again.',
    ],
  ])('an outage of %s is a pair of lines: a warning with its cause, and its end', async (_, warning, end) => {
    const levels = () => levelsOf(api, warning, end);
    await until('an outage of the test before has ended', () => levels().length % 2 === 0);
    for (let outage = 1; outage <= 2; outage++) {
      const before = levels().length;
      await pool.refuse();
      pool.reset();
      await until('the outage is logged', () => levels().length > before);
      await pool.listen();
      await until('the end of the outage is logged', () => levels().length > before + 1);
    }
    expect(levels().slice(-4)).toEqual(['warn', 'info', 'warn', 'info']);
    const [line = ''] = api.log.filter((one) => one.includes(warning));
    expect(line).not.toContain('The service is unavailable');
    expect(line).toMatch(/ECONN|[Cc]onnection|database/);
  });

  it('uses that cannot be written are a warning for each try, and one line once they are written', async () => {
    const levels = () => levelsOf(api, 'The uses of');
    const { secret } = await api.given.apiKey();
    await flush(api);
    const before = levels().length;
    await api.database.sql('alter table api_key_usage_hours rename to gone');
    try {
      await api.query(READ, { key: secret });
      expect([await flush(api), await flush(api)]).toEqual([false, false]);
    } finally {
      await api.database.sql('alter table gone rename to api_key_usage_hours');
    }
    expect([await flush(api), await flush(api)]).toEqual([true, true]);
    expect(levels().slice(before)).toEqual(['warn', 'warn', 'info']);
    expect(api.app.get(UseRecorder, { strict: false }).state.waitingKeys).toBe(0);
  });
});

describeWithRedis('lines of an outage of Redis', () => {
  let redis: RedisServer;
  let api: TestPortal;
  beforeAll(async () => {
    redis = await RedisServer.start();
    api = await TestPortal.start({ environment: { REDIS_URL: redis.url } });
  });
  afterAll(async () => {
    await api.stop();
    await redis.stop();
  });

  it('outages of Redis are pairs of lines, also where a second outage is too soon for a line', async () => {
    const limit = { limit: 1_000, windowSeconds: 600 };
    const { secret } = await api.given.apiKey({ scopes: ['devices:read'], rateLimit: limit });
    const isCounted = async () => (await api.query(READ, { key: secret })).headers.get('ratelimit-limit') !== null;
    await until('requests are counted', isCounted);
    for (let outage = 1; outage <= 2; outage++) {
      await redis.stop();
      await until('requests are not counted', async () => !(await isCounted()));
      await redis.restart();
      await until('requests are counted again', isCounted);
    }
    const levels = levelsOf(api, 'The store of rate limits');
    // A slow machine logs the second outage too, and a long outage every ten seconds.
    expect([levels[0], levels.at(-1)]).toEqual(['warn', 'info']);
    expect(levels.filter((level, index) => level === 'info' && levels[index - 1] !== 'warn')).toEqual([]);
    expect(api.app.get(RateLimiter, { strict: false }).counters.uncounted).toBeGreaterThanOrEqual(2);
  });
});
