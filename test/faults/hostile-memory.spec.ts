import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Aftermath } from '../support/aftermath.js';
import type { GivenKey } from '../support/given.js';
import { type Ask, TestPortal } from '../support/test-portal.js';

/** Requests of each kind, twice as many as are sent first. */
const REQUESTS = Number(process.env['HOSTILE_REQUESTS'] ?? 20);
/** A query comes often enough to be compiled. */
const RUNS_OF_A_QUERY = 40;
/**
 * Work of this process for one request, and time without a turn of its event loop: client, server and collector together,
 * on a busy machine. What kept the loop for itself took 400 to 1,900 ms.
 */
const LONGEST_MS = 250;
/** How often the loop is looked at: a stall is known to this many milliseconds. */
const RESOLUTION_MS = 5;

/** What one request cost this process, in milliseconds. */
interface Cost {
  /** CPU of client, server and collector. */
  work: number;
  /** The longest time without a turn of the event loop. Other processes on the machine lengthen it. */
  stall: number;
}

async function costOf(ask: () => Promise<unknown>): Promise<Cost> {
  const turns = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const before = process.cpuUsage();
  turns.enable();
  await ask();
  turns.disable();
  const { user, system } = process.cpuUsage(before);
  return { work: (user + system) / 1_000, stall: Math.max(turns.max / 1e6 - RESOLUTION_MS, 0) };
}

/** The median is asked for: the collector of garbage and the scheduler of the machine work when they like. */
const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** In the long size, the stalls are printed as a figure. CPU time alone is held to a bound: a stall also counts the wait for a core. */
function expectCheap(costs: readonly Cost[]): void {
  const stalls = costs.map(({ stall }) => stall);
  if (process.env['HOSTILE_REQUESTS'])
    console.log(
      `${expect.getState().currentTestName}: without a turn of the event loop ${middle(stalls).toFixed(0)} ms in the middle, ` +
        `${Math.max(...stalls).toFixed(0)} ms at most, of ${stalls.length}`,
    );
  expect(middle(costs.map(({ work }) => work))).toBeLessThan(LONGEST_MS);
}

const NODE = 'id hostname ipAddress alerts { nodes { id status device { ...F1 } } }';
/** 2.7 kB in which fragments multiply each other. */
const MULTIPLYING = `{ ${Array.from({ length: 9 }, (_, n) => `r${n}: devices(first: 1) { nodes { ...F0 } }`).join(' ')} }
  fragment F0 on Device { ${NODE} configBackups { nodes { id device { ...F1 } } } firmwareUpgrades { id device { ...F1 } } }
  fragment F1 on Device { id hostname a1: hostname a2: hostname alerts { nodes { id message } } firmwareUpgrades { id } }`;

/** Each distinct for each `n`, and as large as a body may be. */
const DOCUMENTS: Record<string, (n: number) => string> = {
  'a long comment': (n) => `{ __typename } #${n}${'x'.repeat(95_000)}`,
  'many comments': (n) => `{ __typename } #${n}${'#\n'.repeat(47_000)}`,
  commas: (n) => `{ a${n}: __typename } ${','.repeat(95_000)}`,
  'a long text': (n) => `{ a${n}: requiredScopes(document: "${'x'.repeat(95_000)}") { scopes } }`,
  'many names': (n) => `{ a${n}: viewer { ${'kind '.repeat(1_990)} } }`,
  'many operations': (n) => Array.from({ length: 330 }, (_, m) => `query Q${n}_${m} { viewer { kind } }`).join(' '),
};

describe(`memory after ${REQUESTS} hostile requests of a kind, and after twice as many`, () => {
  let api: TestPortal;
  let key: GivenKey;
  let aftermath: Aftermath;
  beforeAll(async () => {
    api = await TestPortal.start();
    key = await api.given.apiKey();
    aftermath = await Aftermath.begin(api, key);
  });
  afterAll(async () => {
    aftermath.end();
    await api.stop();
  });

  let sent = 0;
  async function expectLittle(times: number, ask: (n: number) => Promise<unknown>): Promise<void> {
    const costs: Cost[] = [];
    await aftermath.ofRepeats(times, async () => costs.push(await costOf(() => ask(sent++))));
    expectCheap(costs);
  }

  describe.each(Object.entries(DOCUMENTS))('%s', (_, make) => {
    const ask = (credential: Ask) => (n: number) => api.query(make(n), credential);

    it(
      'these documents without a credential leave at most 30 MB behind',
      () => expectLittle(REQUESTS, ask({})),
      3_600_000,
    );

    it(
      'these documents with a key leave at most 30 MB behind',
      () => expectLittle(REQUESTS, ask({ key: key.secret })),
      3_600_000,
    );
  });

  it('one document with many conditions and new values each time leaves at most 30 MB behind', async () => {
    const names = Array.from({ length: 400 }, (_, n) => `condition${n}`);
    const other = `query B(${names.map((name) => `$${name}: Boolean!`).join()}) {
      viewer { ${names.map((name) => `kind @skip(if: $${name})`).join(' ')} } }`;
    const ask = (n: number) => {
      const variables = Object.fromEntries(names.map((name, index) => [name, ((n >> (index % 16)) & 1) === 1]));
      return api.query(`query A { viewer { kind } } ${other}`, { key: key.secret, operationName: 'A', variables });
    };
    await expectLittle(REQUESTS, ask);
  }, 3_600_000);

  it('frequent queries in which fragments multiply leave at most 30 MB behind', async () => {
    const ask = async (n: number) => {
      const costs: Cost[] = [];
      for (let run = 0; run < RUNS_OF_A_QUERY; run++)
        costs.push(await costOf(() => api.query(`query Q${n} ${MULTIPLYING}`, { key: key.secret })));
      return {
        work: Math.max(...costs.map(({ work }) => work)),
        stall: Math.max(...costs.map(({ stall }) => stall)),
      };
    };
    const dearest: Cost[] = [];
    const times = Math.ceil(REQUESTS / RUNS_OF_A_QUERY);
    await aftermath.ofRepeats(times, async () => dearest.push(await ask(sent++)));
    expectCheap(dearest);
  }, 3_600_000);

  it('frequent compiled queries, each different, leave at most 30 MB behind', async () => {
    const ask = async (n: number) => {
      for (let run = 0; run < RUNS_OF_A_QUERY; run++)
        await api.query(`query Q${n} { devices { nodes { id hostname ipAddress } } }`, { key: key.secret });
    };
    await aftermath.ofRepeats(Math.ceil(REQUESTS / RUNS_OF_A_QUERY), () => ask(sent++));
  }, 3_600_000);

  it('requests with 32,000 malformed ids leave at most 30 MB behind', async () => {
    const document = `query ($ids: [ID!]) { apiKeyRevocationImpact(ids: $ids) { requestsLast24h } }`;
    const ask = async () => {
      const ids = Array.from({ length: 32_000 }, () => '');
      const answer = await api.query(document, { session: key.admin.session, variables: { ids } });
      expect(answer.text.length).toBeLessThan(10_000);
      expect(answer.code).toBe('BAD_USER_INPUT');
    };
    await expectLittle(REQUESTS, ask);
  }, 3_600_000);
});
