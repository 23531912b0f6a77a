import { assert, asyncModelRun, asyncProperty } from 'fast-check';
import type { GivenUser } from '../support/given.js';
import { keyLives, NO_POLICY } from '../support/key-life-commands.js';
import type { Role } from '../support/key-life-model.js';
import { begin, compare, type Life } from '../support/key-life-steps.js';
import { KeyLifeSystem } from '../support/key-life-system.js';
import { startTwoInstances, type TwoInstances } from '../support/two-instances.js';

const SEED = Number(process.env['LIFE_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env['LIFE_RUNS'] ?? 4);
/** Runs have any length up to this one, 30 on average. */
const MOST_STEPS = 60;
const ROLES: Role[] = ['TENANT_ADMIN', 'OPERATOR', 'VIEWER'];

describe(`life of keys (LIFE_SEED=${SEED})`, () => {
  let instances: TwoInstances;
  let root: GivenUser;
  const tally = new Map<string, number>();
  beforeAll(async () => {
    instances = await startTwoInstances();
    root = await instances.one.given.user({ role: 'SUPER_ADMIN' });
  });
  afterAll(() => instances.stop());

  it('a key behaves on both of two instances as the public contract says, in any order of operations', async () => {
    const { one, other } = instances;
    let steps = 0;
    const property = asyncProperty(keyLives(MOST_STEPS), async (life) => {
      const { system, tenant } = await KeyLifeSystem.start([one, other], root, ROLES);
      const model: Life = { tenant: await begin({ ...tenant, policy: NO_POLICY }, system, [0, 1]), tally };
      await asyncModelRun(() => ({ model, real: system }), life);
      await compare(model, system, SEED, true);
    });
    const before = performance.now();
    await assert(property, { seed: SEED, numRuns: RUNS });
    for (const count of tally.values()) steps += count;
    if (process.env['LIFE_RUNS'])
      process.stdout.write(
        `${RUNS} runs, ${steps} steps, ${Math.round(performance.now() - before)} ms, seed ${SEED}\n${[...tally]
          .map(([name, count]) => `${String(count).padStart(6)} ${name}`)
          .sort()
          .join('\n')}\n`,
      );
    // A single life may be a short one; many are not.
    expect(steps).toBeGreaterThan(RUNS < 50 ? 0 : RUNS * 10);
  });
});
