import { RateLimiter } from '#api-keys';
import { RedisCluster } from '../support/redis-cluster.js';
import { WatchedRedis } from '../support/redis-sentinel.js';
import { describeWithRedis } from '../support/redis-server.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

const WHO = '{ viewer { kind } }';
const LIMIT = 20;
/** So many that each shard has some. */
const KEYS = 12;

describeWithRedis('rate limits on a cluster of Redis', () => {
  let cluster: RedisCluster;
  let instances: TestPortal[];
  beforeAll(async () => {
    cluster = await RedisCluster.start();
    const environment = { REDIS_URL: cluster.url };
    const first = await TestPortal.start({ environment });
    const { database } = first;
    instances = [
      first,
      await TestPortal.start({ environment, database }),
      await TestPortal.start({ environment, database }),
    ];
  });
  afterAll(async () => {
    for (const api of instances.toReversed()) await api.stop();
    await cluster.stop();
  });

  const limited = async () => {
    const [first] = instances as [TestPortal];
    return first.given.apiKey({ rateLimit: { limit: LIMIT, windowSeconds: 600 } });
  };
  const instance = (count: number) => instances[count % instances.length] as TestPortal;
  const askAll = (secret: string, count: number) =>
    Promise.all(Array.from({ length: count }, (_, n) => instance(n).query(WHO, { key: secret })));
  const admitted = (answers: { status: number }[]) => answers.filter(({ status }) => status === 200).length;
  const uncounted = () =>
    instances
      .map((api) => api.app.get(RateLimiter, { strict: false }).counters.uncounted)
      .reduce((sum, count) => sum + count, 0);

  it('the limits of many keys hold exactly over three instances', async () => {
    const keys = await Promise.all(Array.from({ length: KEYS }, limited));
    for (const { secret } of keys) {
      const before = uncounted();
      const passed = admitted(await askAll(secret, 2 * LIMIT));
      expect(passed).toBeGreaterThanOrEqual(LIMIT);
      // On a busy machine a count may come too late for its request, which passes; the node may have counted it or not.
      expect(passed).toBeLessThanOrEqual(LIMIT + uncounted() - before);
    }
    expect(uncounted()).toBeLessThan((KEYS * LIMIT) / 2);
  });

  it('a killed shard lifts the limits of its keys until its replica leads, which has forgotten no count that it was sent', async () => {
    const { id, secret } = await limited();
    expect(admitted(await askAll(secret, LIMIT / 2))).toBe(LIMIT / 2);
    const name = (await cluster.keyLike(`*key:${id}:*`)) ?? '';
    const before = uncounted();
    await cluster.killMasterOf(name);
    let extra = 0;
    await until('the limit holds again', async () => {
      const [answer] = await askAll(secret, 1);
      if (answer?.status === 200) extra++;
      return answer?.status === 429;
    });
    // Further requests took what was left of the limit, or were let through uncounted.
    expect(uncounted() - before).toBeGreaterThan(0);
    expect(extra).toBeLessThanOrEqual(LIMIT / 2 + uncounted() - before);
    expect((await instance(1).query(WHO, { key: `${secret.slice(0, -1)}!` })).status).toBe(401);
  });
});

describeWithRedis('rate limits on a Redis that sentinels watch', () => {
  it('limits hold again once the replica was promoted', async () => {
    const redis = await WatchedRedis.start();
    const api = await TestPortal.start({ environment: { REDIS_URL: redis.url } });
    try {
      const { secret } = await api.given.apiKey({ rateLimit: { limit: 2, windowSeconds: 600 } });
      const status = async () => (await api.query(WHO, { key: secret })).status;
      expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
      await redis.master.stop();
      expect(await status()).toBe(200);
      await until('the limit holds again', async () => (await status()) === 429);
    } finally {
      await api.stop();
      await redis.stop();
    }
  });
});

describeWithRedis('rate limits where no server of Redis serves', () => {
  it.each([
    ['nodes without a cluster', ({ url }: RedisCluster) => url],
    ['no sentinel', ({ url }: RedisCluster) => `${url.split(',')[0]?.replace('redis:', 'redis+sentinel:')}/main`],
  ])('%s do not keep the application from starting, and lift limits', async (_, urlOf) => {
    const nodes = await RedisCluster.unformed(2);
    const api = await TestPortal.start({ environment: { REDIS_URL: urlOf(nodes) } });
    try {
      const { secret } = await api.given.apiKey({ rateLimit: { limit: 1, windowSeconds: 600 } });
      const ask = () => api.query(WHO, { key: secret });
      expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    } finally {
      await api.stop();
      await nodes.stop();
    }
  });
});
