import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Instance } from '../support/faults/instance.js';
import { unknownKey } from '../support/unknown-key.js';
import { Stage } from '../support/faults/stage.js';

/** `KILL_ROUNDS=200 npm test -- instance-crashes` for a long run. */
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 1);
const STOP_MS = 10_000;
const READY_MS = 20_000;
const USES = `select id, last_used_at as at from api_keys where last_used_at is not null`;

jest.setTimeout(60_000 + ROUNDS * 20_000);

describe('an instance', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start(3);
  });
  afterAll(() => stage.stop());

  const lastUses = async () => {
    const rows = await stage.cluster.database.sql<{ id: string; at: Date }>(USES);
    return new Map(rows.map(({ id, at }) => [id, at.getTime()]));
  };
  const victimOf = (round: number) => stage.instances[round % stage.instances.length] as Instance;

  it(`killed in the middle of changes, ${ROUNDS} times, has done each whole or not at all (F10, F11), and turns no use back (F14)`, async () => {
    const load = stage.load({ READ: 20, CREATE: 5, REVOKE: 1, ROTATE: 1 }).start();
    await stage.serves(load, READY_MS);
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

  it('that an error leaves in a state nobody knows says so in one line, without the secrets in it, and ends', async () => {
    const secret = unknownKey();
    const preload = `process.on('SIGUSR2', () => void Promise.reject(new Error('nobody caught this: ${secret}')));`;
    const production = {
      NODE_ENV: 'production',
      SESSION_ISSUER: 'https://id.example',
      SESSION_AUDIENCE: 'portal',
      SESSION_JWKS_URL: 'https://id.example/jwks',
      NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(preload)}"`,
    };
    const broken = await Instance.start({ ...stage.place, environment: { ...stage.place.environment, ...production } });
    expect(await broken.end('SIGUSR2')).toBe(1);
    const told = broken.output.split('\n').filter((line) => line.includes('nobody caught this'));
    expect(told.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 60, msg: 'unhandledRejection' }),
    ]);
    expect(broken.output).not.toContain(secret);
  });

  it('asked to stop answers what came in, writes every use, and ends: nothing is lost to a rolling restart (F13)', async () => {
    const load = stage.load({ READ: 100, CREATE: 5 }).start();
    await stage.serves(load, READY_MS);
    const took: number[] = [];
    for (const instance of stage.instances) {
      await sleep(200);
      const since = performance.now();
      expect(await instance.end('SIGTERM')).toBe(0);
      took.push(performance.now() - since);
      await instance.restart();
    }
    await load.stop();
    for (const instance of stage.instances) expect(await instance.end('SIGTERM')).toBe(0);

    expect(Math.max(...took)).toBeLessThan(STOP_MS);
    const { entries } = load.journal;
    const failed = entries.filter(({ status }) => status !== 200);
    // Who comes when nobody listens is told so by the system, and asks another instance.
    expect(failed.filter(({ failure }) => failure !== 'ECONNREFUSED')).toEqual([]);
    const used = entries.filter(({ kind, status }) => kind === 'READ' && status === 200);
    const [written] = await stage.cluster.database.sql<{ uses: number }>(
      'select sum(allowed)::int as uses from api_key_usage_hours where api_key_id = any($1)',
      [[...new Set(used.map(({ keyId }) => keyId))]],
    );
    expect(written?.uses).toBe(used.length);
  });
});
