import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { usePortal } from '../support/hooks.js';
import type { TestPortal } from '../support/test-portal.js';

const WHO = '{ viewer { kind } }';
const PAGE = '{ devices(first: 20) { totalCount nodes { id hostname ipAddress createdAt } pageInfo { endCursor } } }';
const DEVICES = 20;
const WARM_UP = 50;
const ANSWERS = 300;
/** What else happens in the process adds some MB to one round in ten. What pages leave behind is in every round. */
const ROUNDS = 5;
/** The rows of a page take some 20 kB. */
const KEPT_BYTES = 8_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;

describe('garbage of a page', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  /** Bytes for each answer that collections of young objects leave to a full one, those of this client among them. */
  async function keptBy(query: string, key: string): Promise<number> {
    const ask = async (answers: number) => {
      for (let answer = 0; answer < answers; answer++) {
        expect((await api.query(query, { key })).errors).toEqual([]);
        if (answer % 10 === 0) collect({ type: 'minor' });
      }
    };
    await ask(WARM_UP);
    collect();
    await ask(ANSWERS);
    collect({ type: 'minor' });
    const { heapUsed } = process.memoryUsage();
    collect();
    return (heapUsed - process.memoryUsage().heapUsed) / ANSWERS;
  }

  it('a collection of young objects frees the rows of a page that was answered', async () => {
    const tenant = await api.given.tenant();
    const { secret: key } = await api.given.apiKey({ tenant, scopes: ['devices:read'] });
    await Promise.all(Array.from({ length: DEVICES }, () => api.given.device({ tenant })));
    let kept = Infinity;
    for (let round = 0; round < ROUNDS && kept >= KEPT_BYTES; round++) {
      const without = await keptBy(WHO, key);
      kept = Math.min(kept, (await keptBy(PAGE, key)) - without);
    }
    expect(kept).toBeLessThan(KEPT_BYTES);
  });
});
