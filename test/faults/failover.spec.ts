import { mkdtemp, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Load, type LoadTenant } from '../support/faults/load.js';
import { violations } from '../support/faults/invariants.js';
import { InterruptedMigration, MIGRATION, type Moment, STEP } from '../support/faults/interrupted-migration.js';
import { ReplicaSet } from '../support/faults/replica-set.js';
import { signalAll } from '../support/faults/server-processes.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

/** `KILL_ROUNDS=200 npm test -- faults/failover --testTimeout=14400000` for a long run: a tenth as many of each fault. */
const ROUNDS = Math.ceil(Number(process.env['KILL_ROUNDS'] ?? 1) / 10);
const INSTANCES = 3;
/** So soon every instance serves again once the new primary answers: 5,000 in a long run; later on a machine that is busy. */
const RECOVERY_MS = Number(process.env['RECOVERY_MS'] ?? 20_000);
/** Changes that are acknowledged while the standby hears of nothing. */
const UNHEARD = 5;
/** Requests each second, over all instances. */
const RATES = { CREATE: 10, READ: 40, REVOKE: 3, ROTATE: 3 };

interface Case {
  /** Whether the connections to the primary are ended, as HAProxy does, or hang. */
  hang: boolean;
  /** How far a migration has come by then. */
  migration?: Moment;
}

/** How the primary fails. */
const FAULTS: [string, (replicas: ReplicaSet) => void, Case][] = [
  ['killed', ({ primary }) => signalAll(primary.pid, 'SIGKILL'), { hang: false, migration: 'in the middle of' }],
  [
    'stopped at once',
    ({ primary }) => void process.kill(primary.pid, 'SIGQUIT'),
    { hang: false, migration: 'after the commit of' },
  ],
  [
    'cut off',
    ({ way, stream }) => [way, stream].forEach((proxy) => proxy.blackhole()),
    { hang: false, migration: 'at the commit of' },
  ],
  ['frozen, with its connections,', ({ primary }) => signalAll(primary.pid, 'SIGSTOP'), { hang: true }],
];
/** The tables of an interrupted migration that the new primary has, and what another run applies there. */
const MIGRATED: Readonly<Record<Moment, { found: string[]; applied: string[] }>> = {
  'in the middle of': { found: [], applied: [MIGRATION, STEP] },
  'at the commit of': { found: [], applied: [MIGRATION, STEP] },
  'after the commit of': { found: ['one_half', 'other_half'], applied: [STEP] },
};

describe('failover to a standby, under load', () => {
  let dataDirectory: string;
  let replicas: ReplicaSet;
  let portals: TestPortal[];
  let tenants: LoadTenant[];
  /** The load of the present fault, and those of the faults before. */
  let load: Load;
  let migrations = 0;
  const loads: Load[] = [];
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'latchkey-failover-'));
    replicas = await ReplicaSet.start(true);
    const { way, primary } = replicas;
    const place = {
      database: primary.database,
      through: { pool: way.url, listen: way.url },
      config: { dataDirectory },
    };
    portals = [];
    while (portals.length < INSTANCES) portals.push(await TestPortal.start(place));
    const [first] = portals as [TestPortal];
    const admins = [await first.given.user(), await first.given.user()];
    tenants = admins.map(({ tenantId, session }) => ({ id: String(tenantId), session }));
  });
  afterAll(async () => {
    for (const portal of portals) await portal.stop();
    await replicas.remove();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  /** The primary fails, its standby takes its place, and clients are led there. @returns how long the recovery took */
  const failOver = async (fault: (set: ReplicaSet) => void, hang: boolean, beforePromotion = async () => {}) => {
    fault(replicas);
    await beforePromotion();
    await replicas.promote();
    if (hang) replicas.way.leadTo(replicas.primary.url);
    else replicas.lead();
    const backAt = performance.now();
    await load.served(RECOVERY_MS);
    return performance.now() - backAt;
  };

  it.each(FAULTS)(
    `a primary that is %s (${ROUNDS} times) loses no acknowledged change and no half of a migration, and what was ended is refused in time on all instances`,
    async (name, fault, { hang, migration: moment }) => {
      const recoveries: number[] = [];
      load = new Load(portals, tenants, RATES).start();
      loads.push(load);
      await load.served(RECOVERY_MS);
      for (let round = 0; round < ROUNDS; round++) {
        await sleep(100 + Math.random() * 400);
        const migration =
          moment && (await InterruptedMigration.begin(replicas.primary, `moved_${++migrations}`, moment));
        const goOn = async () => {
          if (moment === 'at the commit of') await migration?.goOn(replicas.primary);
        };
        recoveries.push(await failOver(fault, hang, goOn));
        const ended = await migration?.end(replicas.primary);
        if (moment) expect(ended).toEqual({ ended: expect.any(Error), ...MIGRATED[moment] });
        // A primary that was frozen goes on, beside its successor.
        if (hang) signalAll(replicas.former.at(-1)?.pid ?? 0, 'SIGCONT');
        await replicas.addStandby(true);
      }
      await load.stop();
      const { acknowledged, entries } = load.journal;
      expect(await violations(load.journal, replicas.primary.database)).toEqual([]);
      expect(entries.some(({ kind, acknowledged: ended }) => kind === 'REVOKE' && ended)).toBe(true);
      if (process.env['KILL_ROUNDS'])
        process.stdout.write(
          `${name}: ${ROUNDS} failovers, ${entries.length} requests, ${acknowledged} acknowledged changes, 0 lost; ` +
            `recovery at most ${Math.round(Math.max(...recoveries))} ms\n`,
        );
    },
  );

  it('every use that was answered is counted, and none is counted twice', async () => {
    const reads = loads.flatMap(({ journal }) => journal.entries).filter(({ kind }) => kind === 'READ');
    const used = reads.filter(({ status }) => status === 200).length;
    // A use counts once its credential has passed, though its rows could not be read.
    const failed = reads.filter(({ status }) => status === 503).length;
    const keys = [...new Set(reads.map(({ keyId }) => keyId))];
    let uses = 0;
    const written = 'select coalesce(sum(allowed), 0)::int as uses from api_key_usage_hours where api_key_id = any($1)';
    await until('the uses are written', async () => {
      const [row] = await replicas.primary.database.sql<{ uses: number }>(written, [keys]);
      uses = row?.uses ?? 0;
      return uses >= used;
    });
    expect(uses).toBeLessThanOrEqual(used + failed);
  });

  // The last one: it loses changes.
  it('acknowledged changes are found to be lost where commits wait for no standby', async () => {
    await replicas.waitFor('');
    replicas.stream.hold('answers', 'requests');
    const lossy = new Load(portals, tenants);
    await until('changes are acknowledged', async () => {
      await lossy.create();
      return lossy.journal.acknowledged >= UNHEARD;
    });
    signalAll(replicas.primary.pid, 'SIGKILL');
    await replicas.promote();
    replicas.lead();
    const lost = await violations(lossy.journal, replicas.primary.database);
    expect(lost).toEqual(Array.from({ length: UNHEARD }, () => expect.stringMatching(/^I1: /)));
  });
});
