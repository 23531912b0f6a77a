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
import { replicaReads } from './replica-reads.js';

/** `CLUSTER_ROUNDS=20 npm run test:cluster -- --testTimeout=14400000` for a long run: each fault as often. */
const ROUNDS = Number(process.env['CLUSTER_ROUNDS'] ?? 1);
/** So soon every instance serves again once Patroni's new primary answers: 2,000 on a quiet machine. */
const RECOVERY_MS = Number(process.env['RECOVERY_MS'] ?? 20_000);
const INSTANCES = 2;
/** Requests each second, over all instances. */
const RATES = { CREATE: 10, READ: 30, REVOKE: 3, ROTATE: 3 };

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

/** What happens to a node, and how this is mended once the others go on. */
interface Fault {
  strike: (node: Machine) => Promise<void> | void;
  mend?: (node: Machine) => Promise<void> | void;
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
    await load.served(RECOVERY_MS);
  });
  afterEach(() => load.stop());
  afterAll(async () => {
    for (const instance of instances) await instance.end('SIGTERM');
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Waits until a replica answers reads of this instance again. */
  const readsOnReplica = async (instance: Instance) => {
    const before = await replicaReads(instance);
    await until('a replica answers', async () => {
      await load.read(instance);
      return (await replicaReads(instance)) > before;
    });
  };
  /** What the load has shown to be wrong, once it has stopped. */
  const broken = async () => {
    await load.stop();
    const { entries } = load.journal;
    const silent = entries.filter(({ status }) => status === 0).map(({ kind, failure }) => `${kind}: ${failure}`);
    return [...silent, ...(await violations(load.journal, cluster.databaseOf(await cluster.whole())))];
  };
  /**
   * Waits until a new primary leads, until a standby has acknowledged a commit of it, and until all instances serve.
   * @param struckAt when the fault was made
   */
  const recover = async (name: string, struckAt: number, former?: Machine) => {
    const leader = await cluster.nextLeader(former);
    const leadsAt = performance.now();
    await cluster.commits(leader);
    const commitsAt = performance.now();
    await load.served(RECOVERY_MS);
    report(name, [leadsAt - struckAt, commitsAt - leadsAt, performance.now() - commitsAt]);
  };
  const report = (name: string, [leads = 0, commits = 0, serves = 0]: number[]) => {
    const { acknowledged, entries } = load.journal;
    const refused = entries.filter(({ status }) => status === 503).length;
    process.stdout.write(
      `${name}: ${entries.length} requests, ${refused} refused, ${acknowledged} changes acknowledged; ` +
        `a primary after ${seconds(leads)}, it commits ${seconds(commits)} later, all serve ${seconds(serves)} later\n`,
    );
  };

  let behind: Machine | undefined;
  const FAULTS: [string, Fault][] = [
    ['leaves by a switchover', { strike: (primary) => cluster.switchOver(primary) }],
    [
      'is killed together with its Patroni',
      {
        strike: (primary) => primary.signal('SIGKILL', 'patroni|postgres'),
        mend: (former) => cluster.launchPatroni(former),
      },
    ],
    [
      'is cut off from everybody',
      { strike: (primary) => cluster.hub.unplug(primary), mend: (former) => cluster.hub.plugIn(former) },
    ],
    [
      'is cut off from the other nodes, and is reached by its clients',
      { strike: (primary) => cluster.separate(primary), mend: (former) => cluster.rejoin(former) },
    ],
    [
      'is cut off from its synchronous standby, and from everybody after the next round of its Patroni,',
      {
        strike: async (primary) => {
          ({ synchronous: behind } = await cluster.standbys());
          primary.drop(behind);
          // Longer than `loop_wait`: the primary reports a position that the standby does not reach. Shorter than
          // `wal_sender_timeout`: this standby is the only one that may be promoted.
          await sleep(3_000);
          cluster.hub.unplug(primary);
        },
        mend: (former) => {
          cluster.hub.plugIn(former);
          if (behind) former.dropNoMore(behind);
        },
      },
    ],
    [
      'lives on while its Patroni is frozen',
      {
        strike: (primary) => primary.signal('SIGSTOP', 'patroni'),
        mend: (former) => former.signal('SIGCONT', 'patroni'),
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
        // A cluster that stays broken would fail all other tests, too.
        await recover(name, struckAt, former).finally(() => mend?.(former));
      }
      await until('a key is revoked', () =>
        load.journal.entries.some(({ kind, acknowledged }) => kind === 'REVOKE' && acknowledged !== null),
      );
      expect(await broken()).toEqual([]);
    },
  );

  it('while etcd is lost all requests are answered 503, and all serve again once it is back', async () => {
    for (const node of cluster.nodes) node.signal('SIGKILL', 'etcd');
    const lostAt = performance.now();
    await until('no node leads', async () => (await cluster.leader()) === undefined);
    const goneAt = performance.now();
    for (const instance of instances) {
      const { status, retryAfter } = await load.create(instance);
      expect([status, retryAfter]).toEqual([503, expect.stringMatching(/^[1-9]/)]);
    }
    const backAt = performance.now();
    for (const node of cluster.nodes) cluster.launchEtcd(node);
    await recover(`etcd comes back, which was lost; no primary ${seconds(goneAt - lostAt)} after that`, backAt);
    expect(await broken()).toEqual([]);
  });

  const LOSSES: [string, Fault][] = [
    [
      'killed',
      {
        strike: (standby) => standby.signal('SIGKILL', 'patroni|postgres'),
        mend: (standby) => cluster.launchPatroni(standby),
      },
    ],
    ['cut off', { strike: (standby) => cluster.hub.unplug(standby), mend: (standby) => cluster.hub.plugIn(standby) }],
  ];

  it.each(LOSSES)(
    'a replica that is %s costs no outage, and a synchronous standby that is lost so is replaced',
    async (name, { strike, mend }) => {
      const { synchronous, other } = await cluster.standbys();
      // After a failover a replica is used from its next restart point on.
      for (const replica of [synchronous, other]) await cluster.databaseOf(replica).sql('checkpoint');
      for (const instance of instances) await readsOnReplica(instance);
      const from = load.journal.entries.length;
      await strike(other);
      await sleep(3_000);
      const reads = load.journal.entries.slice(from).filter(({ kind }) => kind === 'READ');
      const refused = reads.filter(({ status }) => status === 503).length;
      // An instance on a machine that is busy may be in doubt for a moment.
      expect(refused).toBeLessThan(reads.length / 2);
      await mend?.(other);
      await cluster.whole();
      const lostAt = performance.now();
      await strike(synchronous);
      await cluster.waitsFor(other);
      await load.served(RECOVERY_MS);
      report(`the synchronous standby is ${name}`, [0, 0, performance.now() - lostAt]);
      await mend?.(synchronous);
      expect(await broken()).toEqual([]);
    },
  );

  it('pg_hba has let in every connection that the cluster itself made', () => {
    expect(cluster.refused()).toEqual([]);
  });
});
