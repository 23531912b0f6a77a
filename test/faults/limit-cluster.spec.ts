import { askInTurn, askLimited, expectExact, type Outcome } from '../support/limited-requests.js';
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

  it('the limits of many keys hold exactly over three instances', async () => {
    const keys = await Promise.all(Array.from({ length: KEYS }, limited));
    let uncounted = 0;
    for (const { secret } of keys) uncounted += await expectExact(instances, secret, LIMIT);
    expect(uncounted).toBeLessThan((KEYS * LIMIT) / 2);
  });

  it('a killed shard lifts the limits of its keys until its replica leads, which has forgotten no count that it was sent', async () => {
    const { id, secret } = await limited();
    expect(await askInTurn(instances, secret, LIMIT / 2)).toMatchObject({ REFUSED: 0 });
    const name = (await cluster.keyLike(`*key:${id}:*`)) ?? '';
    await cluster.killMasterOf(name);
    const outcomes: Outcome[] = [];
    await until('the limit holds again', async () => {
      outcomes.push(await askLimited(instances[0] as TestPortal, secret));
      return outcomes.at(-1) === 'REFUSED';
    });
    expect(outcomes).toContain('UNCOUNTED');
    expect(outcomes.filter((outcome) => outcome === 'ADMITTED').length).toBeLessThanOrEqual(LIMIT / 2);
    expect((await instances[1]?.query(WHO, { key: `${secret.slice(0, -1)}!` }))?.status).toBe(401);
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
