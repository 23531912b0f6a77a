import type { GivenKey } from '../support/given.js';
import { useProxiedPortal } from '../support/hooks.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { lastAcceptedAfter, Watch } from '../support/watch.js';
import { REVOCATION_AIM_MS } from '../support/durations.js';

/** `FAULT_ROUNDS=200 npm test -- test/faults --testTimeout=7200000` for a long run. */
const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 5);
/** A half-open connection says nothing for so long. */
const HALF_OPEN_MS = Number(process.env['HALF_OPEN_MS'] ?? 2_500);
const WHO = `{ viewer { kind } }`;
const REVOKE = `mutation ($input: RevokeApiKeysInput!) { revokeApiKeys(input: $input) { __typename } }`;
const KILL_LISTENERS = `select pg_terminate_backend(pid) from pg_stat_activity
  where application_name = 'latchkey changes' and datname = current_database()`;

describe('revoked keys', () => {
  let api: TestPortal;
  let pool: TcpProxy;
  let listen: TcpProxy;
  useProxiedPortal(async (proxied) => {
    ({ api, pool, listen } = proxied);
    pool.spare('path-of-lookups');
  });
  beforeEach(() => api.settled());
  afterEach(() => {
    pool.pass();
    listen.pass();
  });

  const ask = (key: GivenKey) => api.query(WHO, { key: key.secret });
  const hotKey = async () => {
    const key = await api.given.apiKey();
    await api.settled(key.tenant.id);
    expect([(await ask(key)).status, (await ask(key)).status]).toEqual([200, 200]);
    return key;
  };
  /** By plain SQL, as nobody in the application. @returns an instant not before the commit */
  const revoke = async ({ id }: GivenKey) => {
    await api.database.sql('update api_keys set revoked_at = now() where id = $1', [id]);
    return performance.now();
  };

  /** Watches a revoked key and a good one through a fault. */
  const through = async (fault: () => void | Promise<void>, end: () => void | Promise<void>, forMs: number) => {
    const [revoked, good] = [await hotKey(), await hotKey()];
    const [watch, goodWatch] = [new Watch(api, revoked.secret), new Watch(api, good.secret)];
    await fault();
    const committedAt = await revoke(revoked);
    await until('the time is over', () => performance.now() > committedAt + forMs, forMs + 1_000);
    await end();
    await api.settled();
    const [seen, goodSeen] = [await watch.stop(), await goodWatch.stop()];
    expect(lastAcceptedAfter(seen, committedAt)).toBeLessThanOrEqual(REVOCATION_AIM_MS);
    expect(seen.at(-1)?.reason).toBe('REVOKED_KEY');
    expect(new Set(goodSeen.map(({ status }) => status))).toEqual(new Set([200]));
    return lastAcceptedAfter(seen, committedAt);
  };

  it(`a revoked key is refused to every request after its revocation is answered, though a lookup begun before is answered after it (F9, ${ROUNDS} rounds)`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const key = await api.given.apiKey();
      await api.settled(key.tenant.id);
      pool.hold('answers');
      const held = ask(key);
      await until('the answer is held', () => pool.heldBytes > 0);
      const { heldBytes } = pool;
      await revoke(key);
      await api.caughtUp();
      const later = ask(key);
      await until('the later one is looked up too', async () => pool.heldBytes > heldBytes);
      pool.pass();
      expect([200, 401]).toContain((await held).status);
      expect((await later).reason).toBe('REVOKED_KEY');
      expect((await ask(key)).reason).toBe('REVOKED_KEY');
    }
  });

  it('a revoked key is refused in time, and no good key is, while the listener is killed again and again (F5)', async () => {
    for (let round = 0; round < Math.min(ROUNDS, 50); round++) {
      await through(
        async () => void (await api.database.sql(KILL_LISTENERS)),
        () => undefined,
        200,
      );
    }
  });

  it('a revoked key is refused in time, and no good key is, while the listener is half-open (F6)', async () => {
    await through(
      () => listen.blackhole(),
      () => {
        listen.pass();
        listen.reset();
      },
      HALF_OPEN_MS,
    );
  });

  it('a revoked key is refused in time, and no good key is, while the reconnection is held (F7)', async () => {
    await through(
      () => {
        listen.hold('answers', 'requests');
        listen.reset();
      },
      () => listen.pass(),
      3_000,
    );
  });

  it('a revoked key is refused in time while its notification is held', async () => {
    await through(
      () => listen.hold('answers'),
      () => listen.pass(),
      2_500,
    );
  });

  it('a key revoked and not used while the listener was away is refused once it is back', async () => {
    const key = await hotKey();
    listen.hold('answers', 'requests');
    listen.reset();
    await until('the loss is noticed', () => !api.invalidations.isProven(performance.now()));
    await revoke(key);
    listen.pass();
    await api.settled();
    expect((await ask(key)).reason).toBe('REVOKED_KEY');
  });

  it('a key whose revocation is rolled back stays good (F8)', async () => {
    const key = await hotKey();
    await api.database
      .sql(`do $$ begin update api_keys set revoked_at = now() where id = '${key.id}'; raise sqlstate 'P0001';
      exception when sqlstate 'P0001' then null; end $$`);
    await api.settled();
    expect([(await ask(key)).status, (await ask(key)).status]).toEqual([200, 200]);
  });

  it('a revoked key is refused from the reply on where it was revoked, though its notification is held', async () => {
    const key = await hotKey();
    listen.hold('answers');
    const input = { ids: [key.id], reason: 'UNUSED' };
    expect((await api.query(REVOKE, { session: key.admin.session, variables: { input } })).errors).toEqual([]);
    expect((await ask(key)).reason).toBe('REVOKED_KEY');
  });

  it('a revoked or a good key gets a 503, never a 401, while no remembered verdict may be used and the pool is away', async () => {
    const key = await hotKey();
    listen.hold('answers', 'requests');
    listen.reset();
    await until('the loss is noticed', () => !api.invalidations.isProven(performance.now()));
    pool.hold('answers', 'requests');
    pool.reset();
    const answer = await ask(key);
    expect([answer.status, answer.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    pool.pass();
    listen.pass();
    await until('the key is accepted again', async () => (await ask(key)).status === 200, 2_000);
  });
});
