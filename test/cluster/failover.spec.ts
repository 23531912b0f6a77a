import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { portal } from '../support/command-line.js';
import { Instance } from '../support/faults/instance.js';
import { violations } from '../support/faults/invariants.js';
import { Load, type LoadTenant } from '../support/faults/load.js';
import { makeTenants } from '../support/faults/load-tenants.js';
import { until } from '../support/until.js';
import { DeployedCluster } from './deployed-cluster.js';
import { describeWithMachines, type Machine } from './machine.js';

/** `CLUSTER_ROUNDS=20 npm run test:cluster -- --testTimeout=14400000` for a long run: each fault as often. */
const ROUNDS = Number(process.env['CLUSTER_ROUNDS'] ?? 1);
/** So soon every instance serves again once Patroni's new primary answers: 2,000 on a quiet machine. */
const RECOVERY_MS = Number(process.env['RECOVERY_MS'] ?? 20_000);
const INSTANCES = 2;
/** Requests each second, over all instances. */
const RATES = { CREATE: 10, READ: 30, REVOKE: 3, ROTATE: 3 };

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

/** What happens to the primary, and how this is mended when another leads. */
interface Fault {
  strike: (primary: Machine) => Promise<void> | void;
  mend?: (former: Machine) => Promise<void> | void;
}

describeWithMachines('a cluster of the files of deploy/cluster, under load', () => {
  let cluster: DeployedCluster;
  let folder: string;
  let instances: Instance[];
  let tenants: LoadTenant[];
  let load: Load;
  beforeAll(async () => {
    cluster = await DeployedCluster.start();
    folder = await mkdtemp(join(tmpdir(), 'latchkey-cluster-'));
    const place = { cwd: folder, environment: { ...cluster.environment, LOG_LEVEL: 'warn' } };
    const { exitCode, stderr } = await portal(['migrate'], place);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    tenants = await makeTenants(cluster.databaseOf(await cluster.whole()), folder);
    instances = [];
    while (instances.length < INSTANCES) instances.push(await Instance.start(place));
  });
  beforeEach(async () => {
    await cluster.whole();
    load = new Load(instances, tenants, RATES).start();
    await serve(RECOVERY_MS);
  });
  afterEach(() => load.stop());
  afterAll(async () => {
    for (const instance of instances) await instance.end('SIGTERM');
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const serve = (withinMs: number) =>
    Promise.all(
      instances.map((instance) =>
        until(
          `${instance.url} serves`,
          async () => (await load.create(instance)).status === 200 && (await load.read(instance))?.status === 200,
          withinMs,
        ),
      ),
    );
  /** What the load has shown to be wrong, once it has stopped. */
  const broken = async () => {
    await load.stop();
    const { entries } = load.journal;
    const silent = entries.filter(({ status }) => status === 0).map(({ kind, failure }) => `${kind}: ${failure}`);
    return [...silent, ...(await violations(load.journal, cluster.databaseOf(await cluster.whole())))];
  };
  const report = (name: string, outageMs: number, recoveryMs: number) => {
    const { acknowledged, entries } = load.journal;
    const refused = entries.filter(({ status }) => status === 503).length;
    process.stdout.write(
      `${name}: ${entries.length} requests, ${refused} refused, ${acknowledged} changes acknowledged; ` +
        `a new primary after ${seconds(outageMs)}, all serve ${Math.round(recoveryMs)} ms later\n`,
    );
  };

  const FAULTS: [string, Fault][] = [
    ['leaves by a switchover', { strike: (primary) => cluster.switchOver(primary) }],
    [
      'is killed together with its Patroni',
      {
        strike: (primary) => primary.signal('SIGKILL', 'patroni|postgres'),
        mend: (former) => cluster.launchPatroni(former),
      },
    ],
  ];

  it.each(FAULTS)(
    `a primary that %s (${ROUNDS} times) loses no acknowledged change, what was ended is refused in time, and all serve again without a restart`,
    async (name, { strike, mend }) => {
      for (let round = 0; round < ROUNDS; round++) {
        const former = await cluster.whole();
        await sleep(Math.random() * 500);
        const struckAt = performance.now();
        await strike(former);
        await cluster.nextLeader(former);
        const leadsAt = performance.now();
        await serve(RECOVERY_MS);
        report(name, leadsAt - struckAt, performance.now() - leadsAt);
        await mend?.(former);
      }
      expect(await broken()).toEqual([]);
      const { entries } = load.journal;
      expect(entries.some(({ kind, acknowledged }) => kind === 'REVOKE' && acknowledged)).toBe(true);
    },
  );

  it('pg_hba has let in every connection that the cluster itself made', () => {
    expect(cluster.refused()).toEqual([]);
  });
});
