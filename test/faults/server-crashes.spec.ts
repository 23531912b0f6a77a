import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/until.js';
import { Stage } from '../support/faults/stage.js';

/** `KILL_ROUNDS=200 npm test -- server-crashes` for a long run. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 1);
const COMMIT_ROUNDS = Math.ceil(ROUNDS / 4);
/** So soon every instance serves again once the server does: 5,000 in a long run; later on a machine that is busy. */
const RECOVERY_MS = Number(process.env['RECOVERY_MS'] ?? 20_000);

jest.setTimeout(60_000 + ROUNDS * 20_000);

describe('PostgreSQL', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start(3);
  });
  afterAll(() => stage.stop());

  /** Has clients at work while the server fails and comes back, again and again. @returns how long each recovery took */
  const underLoad = async (rounds: number, fail: (round: number) => Promise<void>) => {
    const load = stage.load().start();
    const recoveries: number[] = [];
    try {
      await stage.serves(load, RECOVERY_MS);
      for (let round = 0; round < rounds; round++) {
        await sleep(100 + Math.random() * 400);
        await fail(round);
        const backAt = performance.now();
        await stage.serves(load, RECOVERY_MS);
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

  it('killed while nobody asks anything is found again (F1)', async () => {
    const load = stage.load({});
    await stage.serves(load, RECOVERY_MS);
    process.kill(stage.cluster.pid, 'SIGKILL');
    await stage.cluster.hasGone();
    await stage.cluster.restart();
    await stage.serves(load, RECOVERY_MS);
    expect(await stage.violations(load)).toEqual([]);
  });

  it(`killed under load, ${ROUNDS} times, loses nothing that was acknowledged (F2)`, async () => {
    await underLoad(ROUNDS, async (round) => {
      const killed = round % 2 ? stage.cluster.processes : [stage.cluster.pid];
      for (const pid of killed) process.kill(pid, 'SIGKILL');
      await stage.cluster.hasGone();
      await stage.cluster.restart();
    });
  });

  it(`killed whole at a COMMIT, ${COMMIT_ROUNDS} times, has done a change whole or not at all (F12)`, async () => {
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

  it('that loses one process to the system drops all clients, and serves them again (F20)', async () => {
    await underLoad(1, async () => {
      await stage.cluster.killBackend();
    });
  });

  it.each(['immediate', 'fast', 'smart'] as const)(
    'stopped by a %s shutdown serves again once it is started (F21)',
    async (mode) => {
      await underLoad(1, async () => {
        stage.cluster.signal(mode);
        if (mode === 'smart') {
          // It waits for its clients, who are not told: nobody new gets in, until it is stopped for good.
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
