import { Client } from 'pg';
import { ApiKeyVerifier } from '#api-keys';
import { Cluster } from '../support/faults/cluster.js';
import { askKeys } from '../support/key-operations.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { lastAcceptedAfter, Watch } from '../support/watch.js';
import { REVOCATION_BOUND_MS } from '../support/durations.js';

/** The smallest queue there can be: 64 pages of 8 kB. */
const QUEUE = { max_notify_queue_pages: '64' };
const WHO = '{ viewer { kind } }';

describe('full queue of notifications (F31)', () => {
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

  it('a full queue of notifications stops no use of keys, is reported, and delays no revocation silently: a revocation is in force or an outage is reported', async () => {
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
    await until('the loss is noticed', () => api.invalidations.state !== 'proven' && api.invalidations.losses > 0);
    const input = { ids: [key.id], reason: 'COMPROMISED' };
    const revoke = () => askKeys(api, 'revokeApiKeys', { input }, { session: key.admin.session });
    const answer = await revoke();
    expect([answer.status, answer.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    // The change is announced to nobody, since its trigger is off.
    await cluster.database.sql(
      `begin; alter table api_keys disable trigger api_keys_announce_update; update api_keys set revoked_at = now() where id = '${key.id}';
       alter table api_keys enable always trigger api_keys_announce_update; commit`,
    );
    const revokedAt = performance.now();
    await until('the key is refused', async () => (await use(key)) === 401, REVOCATION_BOUND_MS);
    expect(performance.now() - revokedAt).toBeLessThan(REVOCATION_BOUND_MS);
    expect(await use(good)).toBe(200);

    await sleeper.end();
    await api.settled();
    expect((await revoke()).errors).toEqual([]);
  });
});

describe('junk on the invalidation channel, which any login may send', () => {
  const MESSAGES = 500;
  const ROUNDS = 60;
  const ROUND_MS = 50;
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start();
  });
  afterAll(() => api.stop());

  it.each([
    ['not understood', `'junk ' || $1 || n`],
    ['that name what nobody has', `'key:' || repeat('x,', 90) || $1 || n`],
  ])(
    '10,000 messages a second %s delay no answer by a second, and a revoked key is refused in time',
    async (_, payload) => {
      const [revoked, good] = [await api.given.apiKey(), await api.given.apiKey()];
      await api.settled();
      const [watch, goodWatch] = [new Watch(api, revoked.secret), new Watch(api, good.secret)];
      const { clears } = api.app.get(ApiKeyVerifier, { strict: false }).verdicts.remembered;
      let committedAt = Infinity;
      let wasInDoubt = false;
      await api.database.withClient(async (client) => {
        for (let round = 0; round < ROUNDS; round++) {
          const dueAt = performance.now() + ROUND_MS;
          const text = `select pg_notify('latchkey_changes', ${payload}) from generate_series(1, ${MESSAGES}) as n`;
          await client.query(text, [String(round)]);
          if (round === ROUNDS / 2) {
            await api.database.sql('update api_keys set revoked_at = now() where id = $1', [revoked.id]);
            committedAt = performance.now();
          }
          wasInDoubt ||= api.invalidations.state === 'in doubt';
          await until('the round is over', () => performance.now() >= dueAt);
        }
      });
      await api.settled();
      const [seen, goodSeen] = [await watch.stop(), await goodWatch.stop()];
      expect(wasInDoubt).toBe(true);
      expect(lastAcceptedAfter(seen, committedAt)).toBeLessThanOrEqual(REVOCATION_BOUND_MS);
      expect(new Set(goodSeen.map(({ status }) => status))).toEqual(new Set([200]));
      expect(Math.max(...goodSeen.map(({ begunAt, endedAt }) => endedAt - begunAt))).toBeLessThan(1_000);
      const { clears: after } = api.app.get(ApiKeyVerifier, { strict: false }).verdicts.remembered;
      expect(after - clears).toBeLessThan(3_000);
      expect((await api.query(WHO, { key: revoked.secret })).reason).toBe('REVOKED_KEY');
    },
  );
});
