import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS } from '#kernel';
import { LeadershipFence, migrate } from '#database';
import { buildOf } from '../support/faults/interrupted-migration.js';
import { ReplicaSet } from '../support/faults/replica-set.js';
import type { Answer } from '../support/answer.js';
import type { GivenKey } from '../support/given.js';
import { askKeys } from '../support/key-operations.js';
import { describeWithPgBouncer, PgBouncer } from '../support/pgbouncer.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { lastAcceptedAfter, Watch } from '../support/watch.js';
import { REVOCATION_AIM_MS, REVOCATION_BOUND_MS } from '../support/durations.js';

const WHO = `{ viewer { kind } }`;
/** A revoked key is watched for this long. */
const WATCH_MS = 3_000;
/** More than the wait for a standby or a lock on a busy machine, and less than the 7 s after which a silent connection is given up. */
const REFUSED_MS = LIMITS.lockTimeoutMs + 4_000;
const WAITS = `select pid from pg_stat_activity where wait_event = 'SyncRep' and application_name like $1`;

describe('a primary with a synchronous standby', () => {
  let dataDirectory: string;
  let replicas: ReplicaSet;
  let api: TestPortal;
  /** Has DATABASE_FENCE=off. */
  let unfenced: TestPortal;
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'latchkey-fence-'));
    replicas = await ReplicaSet.start(true);
    const { way, primary } = replicas;
    const place = {
      database: primary.database,
      through: { pool: way.url, listen: way.url },
      config: { dataDirectory },
    };
    api = await TestPortal.start(place);
    unfenced = await TestPortal.start({ ...place, environment: { DATABASE_FENCE: 'off' } });
  });
  afterAll(async () => {
    await api.stop();
    await unfenced.stop();
    await replicas.remove();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  const use = (portal: TestPortal, { secret }: GivenKey) => portal.query(WHO, { key: secret });
  const hotKey = async () => {
    const key = await api.given.apiKey();
    for (const portal of [api, unfenced]) {
      await portal.settled(key.tenant.id);
      expect([(await use(portal, key)).status, (await use(portal, key)).status]).toEqual([200, 200]);
    }
    return key;
  };
  const revoke = (portal: TestPortal, key: GivenKey) =>
    askKeys(portal, 'revokeApiKeys', { input: { ids: [key.id], reason: 'COMPROMISED' } }, key.admin);
  const waiting = (name: string) => replicas.primary.database.sql<{ pid: number }>(WAITS, [name]);
  const fence = (portal = api) => portal.app.get(LeadershipFence, { strict: false });
  const loseStandby = () => replicas.stream.hold('answers', 'requests');
  const regainStandby = async () => {
    replicas.stream.pass();
    await api.settled();
  };

  it('a change is answered 503 where somebody has cut its wait for the standby short', async () => {
    const key = await hotKey();
    loseStandby();
    // Without the fence, however long the request takes to its commit.
    let answer: Answer | undefined;
    void revoke(unfenced, key).then((given) => (answer = given));
    // Uses that are written wait for the standby too: the first wait need not be that of the change.
    await until('the wait of the change is cut short', async () => {
      for (const { pid } of await waiting('latchkey portal_app'))
        await replicas.primary.database.sql('select pg_cancel_backend($1)', [pid]);
      return answer !== undefined;
    });
    expect([answer?.status, answer?.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    await regainStandby();
    // The primary has the change all the same.
    const used = await use(api, key);
    expect([used.status, used.reason]).toEqual([401, 'REVOKED_KEY']);
  });

  it('migrate fails, and says why, where somebody has cut its waits for the standby short', async () => {
    const target = { url: replicas.way.url, ...buildOf('cut_short') };
    loseStandby();
    let outcome: unknown;
    void migrate(target).then(
      (applied) => (outcome = applied),
      (error: Error) => (outcome = error.message),
    );
    await until('each wait of the migration is cut short', async () => {
      for (const name of ['latchkey migrate', 'latchkey owner'])
        for (const { pid } of await waiting(name))
          await replicas.primary.database.sql('select pg_cancel_backend($1)', [pid]);
      return outcome !== undefined;
    });
    expect(outcome).toEqual(expect.stringMatching(/^A standby may lack what was migrated/));
    await regainStandby();
    expect(await migrate(target)).toEqual([]);
  });

  it('while no standby answers, changes and lookups get 503 and readiness names the reason; an instance without the fence looks keys up', async () => {
    const [revoked, locked, good] = [await hotKey(), await hotKey(), await hotKey()];
    loseStandby();
    const askedAt = performance.now();
    expect((await revoke(unfenced, revoked)).status).toBe(503);
    expect(performance.now() - askedAt).toBeLessThan(REFUSED_MS);
    await until('the lead is not proven', () => fence().state === 'missing');
    const refused = await use(api, good);
    expect([refused.status, refused.code, refused.headers.get('retry-after')]).toEqual([
      503,
      'SERVICE_UNAVAILABLE',
      '1',
    ]);
    expect((await revoke(api, good)).status).toBe(503);
    const ready = await fetch(`${api.url}/health/ready`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { error: { leadership: { status: 'down' } } }]);
    // The change that waits holds the lock of all notifying commits. Heartbeats stop, nothing remembered is used, and no key changes.
    await until('heartbeats have stopped', () => unfenced.invalidations.state !== 'proven');
    expect((await use(unfenced, good)).status).toBe(200);
    expect((await revoke(unfenced, locked)).status).toBe(503);
    // A commit that nobody waits for any more does not keep a process of the server.
    await until('proofs were given up', () => fence().failures >= 2);
    await until('one proof waits', async () => (await waiting('latchkey fence')).length <= 1);
    await regainStandby();
    for (const key of [good, locked]) expect((await use(api, key)).status).toBe(200);
    expect((await use(api, revoked)).reason).toBe('REVOKED_KEY');
  });

  it('nothing has to be proven from the moment on at which the primary waits for no standby', async () => {
    const key = await hotKey();
    loseStandby();
    await until('the lead is not proven', () => fence().state === 'missing');
    await replicas.waitFor('');
    await until('the key is accepted', async () => (await use(api, key)).status === 200);
    replicas.stream.pass();
    await replicas.waitFor('standby_1');
    await until('the lead is proven', () => fence().state === 'proven');
    expect((await use(api, key)).status).toBe(200);
  });

  describeWithPgBouncer('through PgBouncer', () => {
    it('the lead is proven through a pooler too, and lookups get 503 while it is not', async () => {
      const { way, primary } = replicas;
      const bouncer = await PgBouncer.before(way.url);
      const through = { pool: bouncer.url, listen: way.url };
      const pooled = await TestPortal.start({ database: primary.database, through });
      const key = await api.given.apiKey();
      await pooled.settled(key.tenant.id);
      expect([fence(pooled).state, (await use(pooled, key)).status]).toEqual(['proven', 200]);
      loseStandby();
      await until('the lead is not proven', () => fence(pooled).state === 'missing');
      expect((await use(pooled, key)).status).toBe(503);
      await regainStandby();
      await until('the key is accepted', async () => (await use(pooled, key)).status === 200);
      await pooled.stop();
      await bouncer.stop();
    });
  });

  // The last one: it leaves another primary.
  it('a key revoked on the promoted standby is refused in time by an instance that still works on the old primary', async () => {
    const [revoked, good] = [await hotKey(), await hotKey()];
    loseStandby();
    await replicas.promote();
    await replicas.primary.database.sql('update api_keys set revoked_at = now() where id = $1', [revoked.id]);
    const committedAt = performance.now();
    const [watch, unfencedWatch] = [new Watch(api, revoked.secret), new Watch(unfenced, revoked.secret)];
    await until('the key was watched', () => performance.now() > committedAt + WATCH_MS);
    // Without the fence the old primary is believed for ever.
    await until('the key is accepted beyond the bound', () => {
      const { status, begunAt = 0 } = unfencedWatch.last ?? {};
      return status === 200 && begunAt > committedAt + REVOCATION_BOUND_MS;
    });
    const [seen] = await Promise.all([watch.stop(), unfencedWatch.stop()]);
    expect(lastAcceptedAfter(seen, committedAt)).toBeLessThanOrEqual(REVOCATION_AIM_MS);
    expect(seen.at(-1)?.status).toBe(503);
    replicas.lead();
    await until('the good key is accepted', async () => (await use(api, good)).status === 200);
    expect((await use(api, revoked)).reason).toBe('REVOKED_KEY');
  });
});
