import { type ProxiedPortal, startProxied, stopProxied } from '../support/faults/proxied-portal.js';
import { STRANGE, StrangeServer } from '../support/faults/strange-server.js';
import type { GivenKey } from '../support/given.js';
import { until } from '../support/until.js';

const WHO = '{ viewer { kind } }';
const READ = '{ devices { totalCount } }';
/** Two waits for a connection that never is made. */
const ANSWER_MS = 6_000;

describe('strange servers in place of the database', () => {
  let proxied: ProxiedPortal;
  let strange: StrangeServer;
  let hot: GivenKey;
  /** Never looked up with success, so that it stays cold. */
  let cold: GivenKey;
  beforeAll(async () => {
    strange = await StrangeServer.start();
    proxied = await startProxied();
    hot = await proxied.api.given.apiKey();
    cold = await proxied.api.given.apiKey();
  });
  afterAll(async () => {
    await stopProxied(proxied);
    await strange.stop();
  });

  const restore = () => {
    for (const proxy of [proxied.pool, proxied.listen]) {
      proxy.leadTo(proxied.api.database.url);
      proxy.reset();
    }
  };
  afterEach(restore);

  const ask = async (query: string, key: GivenKey) => {
    const since = performance.now();
    const { status, code } = await proxied.api.query(query, { key: key.secret });
    expect(performance.now() - since).toBeLessThan(ANSWER_MS);
    return { status, code };
  };
  const OUTAGE = { status: 503, code: 'SERVICE_UNAVAILABLE' };

  it.each(Object.keys(STRANGE))(
    'requests are answered 503, and served again afterwards, with this in place of the database: %s',
    async (name) => {
      const { api, pool, listen } = proxied;
      await api.settled();
      await until('the key is hot', async () => (await ask(READ, hot)).status === 200);
      strange.strangeness = STRANGE[name] ?? { first: null };
      pool.leadTo(strange.url);
      pool.reset();
      // The verdict on one is remembered, so that its rows are asked for; the other one is looked up.
      expect(await Promise.all([ask(READ, hot), ask(WHO, cold)])).toEqual([OUTAGE, OUTAGE]);
      listen.leadTo(strange.url);
      listen.reset();
      await until('the loss is noticed', () => api.invalidations.state !== 'proven');
      expect(await ask(READ, hot)).toEqual(OUTAGE);
      restore();
      await until('requests are served again', async () => (await ask(READ, hot)).status === 200);
    },
  );
});
