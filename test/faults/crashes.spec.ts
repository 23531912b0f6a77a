import { setTimeout as sleep } from 'node:timers/promises';
import { Instance } from '../support/faults/instance.js';
import { Stage } from '../support/faults/stage.js';
import { production } from '../support/production.js';
import { unknownKey } from '../support/unknown-key.js';
import { until } from '../support/until.js';
import { STOP_MS } from '../support/durations.js';

/** `KILL_ROUNDS=200 npm test -- faults/crashes --testTimeout=14400000` for a long run. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 1);
const COMMIT_ROUNDS = Math.ceil(ROUNDS / 4);
/** So soon every instance serves again once the server does: 5,000 in a long run; later on a machine that is busy. */
const RECOVERY_MS = Number(process.env['RECOVERY_MS'] ?? 20_000);
const READY_MS = 20_000;
const USES = `select id, last_used_at as at from api_keys where last_used_at is not null`;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start(3);
});
afterAll(() => stage.stop());

describe('crashes of PostgreSQL', () => {
  /** Has clients at work while the server fails and comes back, again and again. @returns how long each recovery took */
  const underLoad = async (rounds: number, fail: (round: number) => Promise<void>) => {
    const load = stage.load().start();
    const recoveries: number[] = [];
    try {
      await load.served(RECOVERY_MS);
      for (let round = 0; round < rounds; round++) {
        await sleep(100 + Math.random() * 400);
        await fail(round);
        const backAt = performance.now();
        await load.served(RECOVERY_MS);
        recoveries.push(performance.now() - backAt);
      }
    } finally {
      await load.stop();
    }
    const { acknowledged, entries } = load.journal;
    expect(await stage.violations(load)).toEqual([]);
    expect(acknowledged).toBeGreaterThan(rounds);
    if (process.env['KILL_ROUNDS'])
      process.stdout.write(
        `${expect.getState().currentTestName}: ${rounds} rounds, ${entries.length} requests, ${acknowledged} acknowledged writes, ` +
          `0 lost; recovery at most ${Math.round(Math.max(...recoveries))} ms\n`,
      );
  };

  it('an instance reconnects to PostgreSQL that was killed while idle (F1)', async () => {
    const load = stage.load({});
    await load.served(RECOVERY_MS);
    process.kill(stage.cluster.pid, 'SIGKILL');
    await stage.cluster.hasGone();
    await stage.cluster.restart();
    await load.served(RECOVERY_MS);
    expect(await stage.violations(load)).toEqual([]);
  });

  it(`PostgreSQL killed under load, ${ROUNDS} times, loses no acknowledged change (F2)`, async () => {
    await underLoad(ROUNDS, async (round) => {
      const killed = round % 2 ? stage.cluster.processes : [stage.cluster.pid];
      for (const pid of killed) process.kill(pid, 'SIGKILL');
      await stage.cluster.hasGone();
      await stage.cluster.restart();
    });
  });

  it(`PostgreSQL killed at a COMMIT, ${COMMIT_ROUNDS} times, has made each change whole or not at all (F12)`, async () => {
    await underLoad(COMMIT_ROUNDS, async () => {
      let isKilled = false;
      stage.proxy.meet('commit\0', () => {
        stage.proxy.meetNothing();
        const { processes } = stage.cluster;
        // The commit goes on its way first: it is met before, within, or after its work.
        setTimeout(() => {
          for (const pid of processes) process.kill(pid, 'SIGKILL');
          isKilled = true;
        }, Math.random() * 3);
      });
      await until('somebody commits', () => isKilled);
      await stage.cluster.hasGone();
      await stage.cluster.restart();
    });
  });

  it('PostgreSQL that loses one process drops all clients, and serves them again (F20)', async () => {
    await underLoad(1, async () => {
      await stage.cluster.killBackend();
    });
  });

  it.each(['immediate', 'fast', 'smart'] as const)(
    'PostgreSQL stopped by a %s shutdown serves again once it is started (F21)',
    async (mode) => {
      await underLoad(1, async () => {
        stage.cluster.signal(mode);
        if (mode === 'smart') {
          // The server waits for its clients, who are not notified: it lets no new client in, until it is stopped for good.
          await until('nobody new gets in', async () => {
            const refused = await stage.cluster.database.sql('select').catch(({ code }) => code);
            return refused === '57P03';
          });
          stage.cluster.signal('fast');
        }
        await stage.cluster.hasGone();
        await stage.cluster.restart();
      });
    },
  );
});

describe('crashes of an instance', () => {
  const lastUses = async () => {
    const rows = await stage.cluster.database.sql<{ id: string; at: Date }>(USES);
    return new Map(rows.map(({ id, at }) => [id, at.getTime()]));
  };
  const victimOf = (round: number) => stage.instances[round % stage.instances.length] as Instance;

  it(`an instance killed in the middle of changes, ${ROUNDS} times, has made each change whole or not at all (F10, F11), and no last use goes backwards (F14)`, async () => {
    const load = stage.load({ READ: 20, CREATE: 5, REVOKE: 1, ROTATE: 1 }).start();
    await load.served(READY_MS);
    for (let round = 0; round < ROUNDS; round++) {
      const victim = victimOf(round);
      const before = await lastUses();
      for (let key = 0; key < 4; key++) await load.create();
      const changes = [
        ...[1, 2, 3, 4].map(() => load.create(victim)),
        load.rotate(victim),
        load.rotate(victim),
        load.revoke(victim),
      ];
      await sleep(Math.random() * 50);
      await victim.end('SIGKILL');
      await Promise.all(changes);
      await victim.restart();
      const after = await lastUses();
      expect([...before].filter(([id, at]) => (after.get(id) ?? 0) < at)).toEqual([]);
    }
    await load.stop();
    const { acknowledged, entries } = load.journal;
    expect(await stage.violations(load)).toEqual([]);
    expect(acknowledged).toBeGreaterThan(ROUNDS * 4);
    if (process.env['KILL_ROUNDS'])
      process.stdout.write(
        `${ROUNDS} kills of an instance, ${entries.length} requests, ${acknowledged} acknowledged writes, 0 lost; ` +
          `${entries.filter(({ status }) => status === 0).length} requests without an answer\n`,
      );
  });

  it('an instance that an unexpected error leaves in an unknown state logs one line without secrets, and exits', async () => {
    const secret = unknownKey();
    const preload = `process.on('SIGUSR2', () => void Promise.reject(new Error('nobody caught this: ${secret}')));`;
    const options = { NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(preload)}"` };
    // In production the address is a log line of level info.
    const environment = { ...production(), ...stage.place.environment, ...options, LOG_LEVEL: 'info' };
    const broken = await Instance.start({ ...stage.place, environment });
    expect(await broken.end('SIGUSR2')).toBe(1);
    const lines = broken.output.split('\n').filter((line) => line.includes('nobody caught this'));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 60, msg: 'unhandledRejection' }),
    ]);
    expect(broken.output).not.toContain(secret);
  });

  // The last one: it leaves no instance running.
  it('an instance asked to stop answers the requests it has, writes every use, and exits: a rolling restart loses nothing (F13)', async () => {
    const load = stage.load({ READ: 100, CREATE: 5 }).start();
    await load.served(READY_MS);
    const took: number[] = [];
    for (const instance of stage.instances) {
      await sleep(200);
      const since = performance.now();
      expect(await instance.end('SIGTERM')).toBe(0);
      took.push(performance.now() - since);
      await instance.restart();
    }
    await load.stop();
    expect(await Promise.all(stage.instances.map((instance) => instance.end('SIGTERM')))).toEqual([0, 0, 0]);

    expect(Math.max(...took)).toBeLessThan(STOP_MS);
    const { entries } = load.journal;
    const failed = entries.filter(({ status }) => status !== 200);
    // A client that comes while nobody listens gets an error from the system, and asks another instance.
    expect(failed.filter(({ failure }) => failure !== 'ECONNREFUSED')).toEqual([]);
    const used = entries.filter(({ kind, status }) => kind === 'READ' && status === 200);
    const [written] = await stage.cluster.database.sql<{ uses: number }>(
      'select sum(allowed)::int as uses from api_key_usage_hours where api_key_id = any($1)',
      [[...new Set(used.map(({ keyId }) => keyId))]],
    );
    expect(written?.uses).toBe(used.length);
  });
});
