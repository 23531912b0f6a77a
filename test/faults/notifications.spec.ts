import { Client } from 'pg';
import { Cluster } from '../support/faults/cluster.js';
import { askKeys } from '../support/key-operations.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

/** The smallest queue there can be: 64 pages of 8 kB. */
const QUEUE = { max_notify_queue_pages: '64' };
const BOUND_MS = 2_000;
const WHO = '{ viewer { kind } }';

describe('a queue of notifications that somebody lets run full (F31)', () => {
  let cluster: Cluster;
  let api: TestPortal;
  beforeAll(async () => {
    cluster = await Cluster.start(QUEUE);
    api = await TestPortal.start({ database: cluster.database });
  });
  afterAll(async () => {
    await api.stop();
    await cluster.remove();
  });

  it('stops no use of keys, a revocation is done and in force or told as an outage, and it is noticed', async () => {
    const [key, good] = [await api.given.apiKey(), await api.given.apiKey()];
    await api.settled();
    const use = async ({ secret }: { secret: string }) => (await api.query(WHO, { key: secret })).status;
    expect([await use(key), await use(good)]).toEqual([200, 200]);

    const sleeper = new Client({ connectionString: cluster.database.url });
    sleeper.on('error', () => undefined);
    await sleeper.connect();
    await sleeper.query('listen anything');
    await sleeper.query('begin; select 1');
    const fill = `select pg_notify('anything', repeat('x', 7000) || n) from generate_series(1, 10) as n`;
    await until('the queue is full', () =>
      cluster.database.sql(fill).then(
        () => false,
        ({ code }) => code === '54000',
      ),
    );
    await until('the loss is noticed', () => api.changes.state !== 'proven' && api.changes.losses > 0);
    const input = { ids: [key.id], reason: 'COMPROMISED' };
    const revoke = () => askKeys(api, 'revokeApiKeys', { input }, { session: key.admin.session });
    const answer = await revoke();
    expect([answer.status, answer.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    // By somebody whose change is told to nobody, since its trigger is off.
    await cluster.database.sql(
      `begin; alter table api_keys disable trigger api_keys_announce_update; update api_keys set revoked_at = now() where id = '${key.id}';
       alter table api_keys enable always trigger api_keys_announce_update; commit`,
    );
    const revokedAt = performance.now();
    await until('it is refused', async () => (await use(key)) === 401, BOUND_MS);
    expect(performance.now() - revokedAt).toBeLessThan(BOUND_MS);
    expect(await use(good)).toBe(200);

    await sleeper.end();
    await api.settled();
    expect((await revoke()).errors).toEqual([]);
  });
});
