import { Cluster } from '../support/faults/cluster.js';
import { ServerCopy } from '../support/faults/server-copy.js';
import type { GivenKey } from '../support/given.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { lastAcceptedAfter, Watch } from '../support/watch.js';
import { REVOCATION_AIM_MS } from '../support/durations.js';

const WHO = `{ viewer { kind } }`;
/** A revoked key is watched for this long. */
const WATCH_MS = 3_000;
const REVOKE = 'update api_keys set revoked_at = now() where id = $1';

describe('lookups and announcements of different servers', () => {
  let cluster: Cluster;
  let api: TestPortal;
  /** An instance whose heartbeats arrive whatever happens to the ways of the other. */
  let neighbour: TestPortal;
  let pool: TcpProxy;
  let listen: TcpProxy;
  let copy: ServerCopy;
  beforeAll(async () => {
    cluster = await Cluster.start();
    neighbour = await TestPortal.start({ database: cluster.database });
  });
  afterAll(async () => {
    await neighbour.stop();
    await cluster.remove();
  });
  beforeEach(async () => {
    [pool, listen] = [await TcpProxy.before(cluster.url), await TcpProxy.before(cluster.url)];
    api = await TestPortal.start({ database: cluster.database, through: { pool: pool.url, listen: listen.url } });
  });
  afterEach(async () => {
    await Promise.all([pool.close(), listen.close()]);
    await api.stop();
    await copy.remove();
  });

  const hotKey = async () => {
    const key = await api.given.apiKey();
    await api.settled(key.tenant.id);
    expect([(await use(key)).status, (await use(key)).status]).toEqual([200, 200]);
    return key;
  };
  const use = (key: GivenKey) => api.query(WHO, { key: key.secret });
  const ready = async () => (await fetch(`${api.url}/health/ready`)).json() as Promise<{ status: string }>;
  const watched = async (key: GivenKey, committedAt: number) => {
    const watch = new Watch(api, key.secret);
    await until('the key was watched', () => performance.now() > committedAt + WATCH_MS, WATCH_MS + 1_000);
    const seen = await watch.stop();
    expect(lastAcceptedAfter(seen, committedAt)).toBeLessThanOrEqual(REVOCATION_AIM_MS);
    return seen;
  };

  it.each([
    ['and its connections are broken', true],
    ['and its connections live on', false],
  ])('a revoked key is refused after lookups move to a new primary %s', async (_, isBroken) => {
    const [revoked, good] = [await hotKey(), await hotKey()];
    copy = await ServerCopy.of(cluster);
    await copy.promote();
    pool.leadTo(copy.url);
    if (isBroken) pool.reset();
    // Whatever opens a connection meets the new one, as readiness does in time.
    else
      await until('the other server is met', async () => {
        pool.reset(0.3);
        return api.invalidations.state !== 'proven';
      });
    await copy.sql(REVOKE, [revoked.id]);
    const seen = await watched(revoked, performance.now());
    expect(seen.at(-1)?.reason).toBe('REVOKED_KEY');
    expect((await use(good)).status).toBe(200);
    expect([api.invalidations.state, (await ready()).status]).not.toContain('proven');
    listen.leadTo(copy.url);
    listen.reset();
    await api.settled();
    expect((await use(good)).status).toBe(200);
    expect((await ready()).status).toBe('ok');
  });

  it('a revoked key gets a 503 after lookups move to a standby that lags, and readiness reports the outage', async () => {
    const key = await hotKey();
    copy = await ServerCopy.of(cluster);
    pool.leadTo(copy.url);
    pool.reset();
    await cluster.database.sql(REVOKE, [key.id]);
    const seen = await watched(key, performance.now());
    expect(seen.at(-1)?.status).toBe(503);
    expect((await ready()).status).toBe('error');
    pool.leadTo(cluster.url);
    pool.reset();
    await until('the key is looked up again', async () => (await use(key)).reason === 'REVOKED_KEY');
  });

  it('a revoked key is refused after the listener moves to a new primary and lookups stay at the old one', async () => {
    const key = await hotKey();
    copy = await ServerCopy.of(cluster);
    await copy.promote();
    listen.leadTo(copy.url);
    listen.reset();
    await copy.sql(REVOKE, [key.id]);
    const seen = await watched(key, performance.now());
    expect(seen.at(-1)?.status).toBe(503);
    pool.leadTo(copy.url);
    pool.reset();
    await until('the key is looked up again', async () => (await use(key)).reason === 'REVOKED_KEY');
  });
});
