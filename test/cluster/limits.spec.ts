import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Instance } from '../support/faults/instance.js';
import type { LoadTenant } from '../support/faults/load.js';
import { makeTenants } from '../support/faults/load-tenants.js';
import { CREATE_KEY } from '../support/given.js';
import { askInTurn, expectExact } from '../support/limited-requests.js';
import { Scrape } from '../support/prometheus.js';
import { TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';
import { LimitWatch } from './limit-watch.js';
import { describeWithMachines } from './machine.js';
import { ValkeyCluster, type ValkeyNode } from './valkey-cluster.js';

const INSTANCES = 3;
const SHARDS = 3;
/** So many that each shard has some. */
const KEYS = 8;
const A_MINUTE = { limit: 20, windowSeconds: 60 };
/** Half of it is left when an outage begins, and the window outlives the outage. */
const LONG = { limit: 200, windowSeconds: 600 };
/** So soon a lifted limit holds again: 6,500 on a quiet machine. An election that fails is repeated after 12 s. */
const RECOVERY_MS = Number(process.env['RECOVERY_MS'] ?? 20_000);
/** The counts of so long before the end of its master are the most that a replica may have missed. */
const MISSED_MS = 500;

interface LimitedKey {
  id: string;
  secret: string;
}

/** A key whose requests are counted by a shard of its own. */
interface KeyOfShard extends LimitedKey {
  name: string;
  master: ValkeyNode;
  /** Requests so far that were admitted. */
  used: number;
}

const WHO = '{ viewer { kind } }';
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

describeWithMachines('rate limits of three instances, on a cluster of deploy/cluster/valkey.conf', () => {
  let cluster: ValkeyCluster;
  let database: TestDatabase;
  let folder: string;
  let instances: Instance[];
  let tenant: LoadTenant;
  let watches: LimitWatch[] = [];
  beforeAll(async () => {
    cluster = await ValkeyCluster.start();
    database = await TestDatabase.create();
    folder = await mkdtemp(join(tmpdir(), 'latchkey-limits-'));
    [tenant] = (await makeTenants(database, folder)) as [LoadTenant];
    const place = { cwd: folder, environment: { DATABASE_URL: database.url, REDIS_URL: cluster.url } };
    instances = await Promise.all(Array.from({ length: INSTANCES }, () => Instance.start(place)));
  });
  afterEach(() => Promise.all(watches.splice(0).map((watch) => watch.stop())));
  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.end('SIGTERM')));
    await cluster.stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const limited = async (rateLimit: typeof LONG): Promise<LimitedKey> => {
    const [first] = instances as [Instance];
    const variables = { input: { name: 'limited', scopes: ['devices:read'], rateLimit } };
    const answer = await first.query(CREATE_KEY, { session: tenant.session, variables });
    return { id: answer.at('createApiKey.apiKey.id'), secret: answer.at('createApiKey.secret') };
  };
  /** All shards count exactly. On a busy machine a few counts come too late. */
  const expectAllExact = async () => {
    const keys = await Promise.all(Array.from({ length: KEYS }, () => limited(A_MINUTE)));
    const uncounted: number[] = [];
    for (const { secret } of keys) uncounted.push(await expectExact(instances, secret, A_MINUTE.limit));
    expect(uncounted.filter((count) => count === 0).length).toBeGreaterThan(KEYS / 2);
  };
  /** For each shard a key, with half of its limit used. */
  const halfUsedKeys = async (): Promise<KeyOfShard[]> => {
    const keys: KeyOfShard[] = [];
    while (keys.length < SHARDS) {
      const key = await limited(LONG);
      await until('a count', async () => (await askInTurn(instances, key.secret, 1)).ADMITTED === 1);
      const name = await cluster.nameOf(key.id);
      const master = await cluster.masterOf(name);
      if (keys.some((other) => other.master === master)) continue;
      const { ADMITTED, REFUSED } = await askInTurn(instances, key.secret, LONG.limit / 2 - 1);
      expect(REFUSED).toBe(0);
      keys.push({ ...key, name, master, used: 1 + ADMITTED });
    }
    return keys;
  };
  const uncountedByMetrics = async () => {
    const scrapes = await Promise.all(
      instances.map(async ({ url }) => new Scrape(await (await fetch(new URL('/metrics', url))).text())),
    );
    const counts = scrapes.map((it) => it.value('latchkey_rate_limit_requests_total', { outcome: 'uncounted' }));
    return counts.reduce((sum, count) => sum + count);
  };

  it('limits of a minute hold exactly, of many keys that three instances are asked for at once', expectAllExact);

  const FAULTS: [string, (master: ValkeyNode) => void, (master: ValkeyNode) => void][] = [
    ['is killed', (master) => master.kill(), (master) => master.launch()],
    ['is cut off from everybody', (master) => cluster.unplug(master), (master) => cluster.plugIn(master)],
  ];

  it.each(FAULTS)(
    'a master of Valkey that %s lifts the limits of its shard until its replica leads, and of no other shard, and becomes a replica',
    async (fault, strike, mend) => {
      const keys = await halfUsedKeys();
      const uncounted = await uncountedByMetrics();
      watches = keys.map(({ secret, used }) => new LimitWatch(instances, secret, used));
      const [{ master, name, secret }] = keys as [KeyOfShard];
      const [struck, ...spared] = watches as [LimitWatch, ...LimitWatch[]];
      await Promise.all(watches.map((watch) => watch.all('ADMITTED')));

      const struckAt = performance.now();
      strike(master);
      await struck.all('UNCOUNTED');
      for (const instance of instances)
        expect((await instance.query(WHO, { key: `${secret.slice(0, -1)}!` })).status).toBe(401);
      await cluster.successor(master, name);
      const leadsAfter = performance.now() - struckAt;
      await Promise.all(watches.map((watch) => watch.all('REFUSED')));
      const mendedAt = performance.now();
      mend(master);
      await cluster.whole();
      const wholeAfter = performance.now() - mendedAt;
      expect(await master.ask('role')).toContain('slave');
      const after = performance.now();
      await until('requests after the return', () => struck.count('REFUSED', { after }) > 2 * INSTANCES);
      await Promise.all(watches.map((watch) => watch.stop()));

      const liftedFor = struck.liftedAt - struckAt;
      const forgotten = Math.max(struck.admitted - LONG.limit, 0);
      process.stdout.write(
        `a master of Valkey ${fault}: its replica leads after ${seconds(leadsAfter)}, limits of its shard are lifted for ` +
          `${seconds(liftedFor)}, ${struck.count('UNCOUNTED')} requests pass uncounted (${spared.map((watch) => watch.count('UNCOUNTED')).join(' and ')} ` +
          `of other shards), ${forgotten} counts are forgotten; it is a replica ${seconds(wholeAfter)} after its return\n`,
      );
      expect(liftedFor).toBeLessThan(RECOVERY_MS);
      expect(forgotten).toBeLessThanOrEqual(
        struck.count('ADMITTED', { after: struckAt - MISSED_MS, before: struckAt }),
      );
      for (const watch of spared) watch.expectExact(LONG.limit);
      expect((await uncountedByMetrics()) - uncounted).toBe(
        watches.reduce((sum, watch) => sum + watch.count('UNCOUNTED'), 0),
      );
      for (const { output } of instances) expect(output).toMatch(/rate limits is away[^]*answers again/);
      await expectAllExact();
    },
  );

  it('a shard of Valkey that is lost with its replica lifts the limits of its keys alone, and counts anew once both are back', async () => {
    const [lost, ...others] = (await halfUsedKeys()) as [KeyOfShard, ...KeyOfShard[]];
    const nodes = [lost.master, await cluster.replicaOf(lost.master)];
    for (const node of nodes) node.kill();
    await cluster.missesShard();
    for (const { secret, used } of others) {
      const late = await expectExact(instances, secret, LONG.limit - used);
      expect(late).toBeLessThan(LONG.limit / 10);
    }
    expect(await askInTurn(instances, lost.secret, LONG.limit)).toMatchObject({ UNCOUNTED: LONG.limit });
    const backAt = performance.now();
    for (const node of nodes) node.launch();
    await cluster.whole();
    await until(
      'the limit is counted',
      async () => (await askInTurn(instances, lost.secret, INSTANCES)).UNCOUNTED === 0,
    );
    process.stdout.write(
      `a shard of Valkey is back, which was lost: it counts again after ${seconds(performance.now() - backAt)}\n`,
    );
    await expectAllExact();
  });
});
