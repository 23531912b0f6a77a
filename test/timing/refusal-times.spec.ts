import type { GivenKey } from '../support/given.js';
import type { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { usePortal } from '../support/hooks.js';

/** `TIMING_SAMPLES=1000 npm test -- test/timing` for the long run: fewer samples show nothing, so they are not compared. */
const SAMPLES = Number(process.env['TIMING_SAMPLES'] ?? 10);
const ARE_COMPARED = SAMPLES >= 1_000;
const WARM_UP = 200;
const WHO = '{ viewer { kind } }';

/** How often a value of `one` is above one of `other`: 0.5 where the two cannot be distinguished. */
function areaUnderCurve(one: readonly number[], other: readonly number[]): number {
  const sorted = [...other].sort((a, b) => a - b);
  const below = (value: number) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return one.reduce((sum, value) => sum + below(value), 0) / (one.length * other.length);
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

describe(`times of refusals (${SAMPLES} of each)`, () => {
  let api: TestPortal;
  let key: GivenKey;
  let client = 0;
  usePortal(
    async (started) => {
      api = started;
      key = await api.given.apiKey();
      await api.settled(key.tenant.id);
    },
    { environment: { TRUST_PROXY: '1' } },
  );

  /** From an address of its own, so that the limit of unknown keys is not what is measured. */
  const ask = async (secret: string) => {
    const address = `10.${(client >> 14) & 255}.${(client >> 6) & 255}.${client++ & 63}`;
    const start = performance.now();
    const headers = { 'x-forwarded-for': address, 'x-request-id': 'same' };
    const answer = await api.query(WHO, { key: secret, headers });
    return { answer, ms: performance.now() - start };
  };
  /** A key of the right shape that begins like a real one and is none: another end, and a checksum that fits. */
  const alike = (secret: string) => {
    for (;;) {
      const guess = unknownKey(secret.slice(5, 40));
      if (guess !== secret) return guess;
    }
  };
  const KINDS = {
    unknown: () => unknownKey(),
    alike: () => alike(key.secret),
    malformed: () => unknownKey().slice(0, -7),
    checksum: () => unknownKey().slice(0, -1) + '!',
  };

  it('(T4) the times of refusals are alike for an unknown key that begins like a real one and any other, and for malformed ones', async () => {
    const times: Record<keyof typeof KINDS, number[]> = { unknown: [], alike: [], malformed: [], checksum: [] };
    const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
    const bodies = new Set<string>();
    for (let sample = -(ARE_COMPARED ? WARM_UP : 0); sample < SAMPLES; sample++)
      // In no order: what follows a look-up takes longer than what follows a refusal without one.
      for (const kind of shuffled(kinds)) {
        const { answer, ms } = await ask(KINDS[kind]());
        bodies.add(JSON.stringify([answer.status, answer.text, answer.headers.get('www-authenticate')]));
        if (sample >= 0) times[kind].push(ms);
      }
    expect([...bodies]).toHaveLength(1);
    if (!ARE_COMPARED) return;
    const areas = [areaUnderCurve(times.unknown, times.alike), areaUnderCurve(times.malformed, times.checksum)];
    console.log(`G17: areas under the curve ${areas.map((area) => area.toFixed(3)).join(', ')}`);
    for (const area of areas) expect(Math.abs(area - 0.5)).toBeLessThanOrEqual(0.05);
  });

  it('(T50) the times of refusals of a good key do not change, however many guesses begin like the key', async () => {
    const p99 = async () => {
      const times: number[] = [];
      for (let sample = 0; sample < SAMPLES; sample++) {
        const { answer, ms } = await ask(key.secret);
        expect(answer.status).toBe(200);
        times.push(ms);
      }
      return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? NaN;
    };
    await p99();
    const before = await p99();
    for (let guess = 0; guess < SAMPLES * 10; guess++)
      expect((await ask(alike(key.secret))).answer.reason).toBe('INVALID_KEY');
    const after = await p99();
    if (!ARE_COMPARED) return;
    console.log(`T50: p99 of a good key ${before.toFixed(2)} ms before, ${after.toFixed(2)} ms after`);
    expect(after).toBeLessThanOrEqual(before * 2);
  });
});
