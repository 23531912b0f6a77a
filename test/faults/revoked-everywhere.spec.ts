import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProxiedPortal, startProxied, stopProxied } from '../support/faults/proxied-portal.js';
import { askKeys } from '../support/key-operations.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

/** `FAULT_ROUNDS=200 npm test -- test/faults --testTimeout=7200000` for a long run. */
const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 2);
const WHO = `{ viewer { kind } }`;

describe('a revocation, answered while another instance hears of no change', () => {
  let dataDirectory: string;
  let cutOff: ProxiedPortal;
  let api: TestPortal;
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'latchkey-everywhere-'));
    cutOff = await startProxied({ config: { dataDirectory } });
    api = await TestPortal.start({ config: { dataDirectory }, database: cutOff.api.database });
  });
  afterAll(async () => {
    await api.stop();
    await stopProxied(cutOff);
    await rm(dataDirectory, { recursive: true, force: true });
  });

  /** Revokes a key that the cut-off instance remembers. @returns the statuses of requests there that begin after the answer */
  async function laterStatuses(wait: { wait?: string }): Promise<Set<number>> {
    const key = await api.given.apiKey();
    await cutOff.api.settled(key.tenant.id);
    for (let use = 0; use < 2; use++) expect((await cutOff.api.query(WHO, { key: key.secret })).status).toBe(200);
    cutOff.listen.blackhole();
    const answer = await askKeys(api, 'revokeApiKeys', { input: { ids: [key.id], ...wait } }, key.admin);
    expect(answer.at('revokeApiKeys.count')).toBe(1);
    const statuses = new Set<number>();
    for (let use = 0; use < 5; use++) statuses.add((await cutOff.api.query(WHO, { key: key.secret })).status);
    cutOff.listen.pass();
    cutOff.listen.reset();
    return statuses;
  }

  it(`everywhere, is followed by no accepted request (${ROUNDS} rounds)`, async () => {
    for (let round = 0; round < ROUNDS; round++)
      expect(await laterStatuses({ wait: 'EVERYWHERE' })).toEqual(new Set([401]));
  });

  it('with its commit, may be followed by accepted ones for the time of a lease', async () => {
    await until('an accepted request', async () => (await laterStatuses({})).has(200));
  });
});
