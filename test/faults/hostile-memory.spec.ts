import { Client } from 'pg';
import type { Answer } from '../support/answer.js';
import { MeteredPortal } from '../support/faults/metered-portal.js';
import { createKey } from '../support/given.js';
import { post } from '../support/post.js';
import { operation, RawConnection, rawRequest } from '../support/raw-http.js';

/** Requests of each kind, twice as many as are sent first. */
const REQUESTS = Number(process.env['HOSTILE_REQUESTS'] ?? 20);
/** A query comes often enough to be compiled. */
const RUNS_OF_A_QUERY = 40;
const MOST_GROWTH_MB = 30;
/** Longest work of the server between two turns of its event loop. */
const LONGEST_MS = 100;
const DURATION_MS = 4 * 3_600_000;

const NODE = 'id hostname ipAddress alerts { nodes { id status device { ...F1 } } }';
/** 2.7 kB in which fragments multiply each other. */
const MULTIPLYING = `{ ${Array.from({ length: 9 }, (_, n) => `r${n}: devices(first: 1) { nodes { ...F0 } }`).join(' ')} }
  fragment F0 on Device { ${NODE} configBackups { nodes { id device { ...F1 } } } firmwareUpgrades { id device { ...F1 } } }
  fragment F1 on Device { id hostname a1: hostname a2: hostname alerts { nodes { id message } } firmwareUpgrades { id } }`;

const PART = '__schema { types { name description fields { name description args { name description } } } }';
/** As many root fields as an operation may have: half a megabyte. */
const LARGE = `{ ${Array.from({ length: 10 }, (_, n) => `a${n}: ${PART}`).join(' ')} }`;
/** Connections whose answers nobody reads, at the same time. */
const UNREAD = 10;
const AT_ONCE = 20;
const NEW_KEY = { name: 'waits for its lookup', scopes: ['devices:read'] };

/** Each distinct for each `n`, and as large as a body may be. */
const DOCUMENTS: Record<string, (n: number) => string> = {
  'a long comment': (n) => `{ __typename } #${n}${'x'.repeat(95_000)}`,
  'many comments': (n) => `{ __typename } #${n}${'#\n'.repeat(47_000)}`,
  commas: (n) => `{ a${n}: __typename } ${','.repeat(95_000)}`,
  'a long text': (n) => `{ a${n}: requiredScopes(document: "${'x'.repeat(95_000)}") { scopes } }`,
  'many names': (n) => `{ a${n}: viewer { ${'kind '.repeat(1_990)} } }`,
  'many operations': (n) => Array.from({ length: 330 }, (_, m) => `query Q${n}_${m} { viewer { kind } }`).join(' '),
};

describe(`memory and event loop after ${REQUESTS} hostile requests of a kind, and after twice as many`, () => {
  let portal: MeteredPortal;
  const table: string[] = [];
  beforeAll(async () => {
    portal = await MeteredPortal.start();
  });
  afterAll(async () => {
    if (process.env['HOSTILE_REQUESTS']) console.log(['growth MB  longest ms  kind', ...table].join('\n'));
    await portal.stop();
  });

  let sent = 0;
  async function expectLittle(send: (n: number) => Promise<unknown>): Promise<void> {
    for (let n = 0; n < REQUESTS; n++) await send(sent++);
    const before = await portal.figures();
    for (let n = 0; n < REQUESTS; n++) await send(sent++);
    const after = await portal.figures();
    const growthMb = after.memoryMb - before.memoryMb;
    const longestMs = Math.max(before.longestMs, after.longestMs);
    const figures = [growthMb.toFixed(1).padStart(9), longestMs.toFixed(0).padStart(10)];
    table.push(`${figures.join('  ')}  ${expect.getState().currentTestName?.replace(/^.*twice as many /, '')}`);
    expect(growthMb).toBeLessThan(MOST_GROWTH_MB);
    expect(longestMs).toBeLessThanOrEqual(LONGEST_MS);
  }
  const ask = (content: object, key?: string): Promise<Answer> =>
    post(`${portal.origin}/graphql`, JSON.stringify(content), key === undefined ? {} : { key });

  describe.each(Object.entries(DOCUMENTS))('%s', (_, make) => {
    it(
      'these documents without a credential leave little behind',
      () => expectLittle((n) => ask({ query: make(n) })),
      DURATION_MS,
    );

    it(
      'these documents with a key leave little behind',
      () => expectLittle((n) => ask({ query: make(n) }, portal.key)),
      DURATION_MS,
    );
  });

  it(
    'one document with many conditions and new values each time leaves little behind',
    async () => {
      const names = Array.from({ length: 400 }, (_, n) => `condition${n}`);
      const other = `query B(${names.map((name) => `$${name}: Boolean!`).join()}) {
      viewer { ${names.map((name) => `kind @skip(if: $${name})`).join(' ')} } }`;
      await expectLittle((n) => {
        const variables = Object.fromEntries(names.map((name, index) => [name, ((n >> (index % 16)) & 1) === 1]));
        return ask({ query: `query A { viewer { kind } } ${other}`, operationName: 'A', variables }, portal.key);
      });
    },
    DURATION_MS,
  );

  it.each([
    ['in which fragments multiply', MULTIPLYING],
    ['that are compiled', '{ devices { nodes { id hostname ipAddress } } }'],
  ])(
    'frequent queries %s leave little behind',
    (_, query) => expectLittle((n) => ask({ query: `query Q${Math.floor(n / RUNS_OF_A_QUERY)} ${query}` }, portal.key)),
    DURATION_MS,
  );

  it(
    'requests with 32,000 malformed ids leave little behind',
    () =>
      expectLittle(async () => {
        const query = `query ($ids: [ID!]) { apiKeyRevocationImpact(ids: $ids) { requestsLast24h } }`;
        const ids = Array.from({ length: 32_000 }, () => '');
        const { text } = await ask({ query, variables: { ids } }, portal.session);
        expect(text.length).toBeLessThan(10_000);
        expect(text).toContain('BAD_USER_INPUT');
      }),
    DURATION_MS,
  );

  it.each([
    ['without a credential', () => ({})],
    ['with a key', () => ({ authorization: `Bearer ${portal.key}` })],
  ])(
    'paths of 14 kB %s leave little behind',
    (_, headers) =>
      expectLittle(async (n) => {
        const response = await fetch(`${portal.origin}/${n}${'x'.repeat(14_000)}`, { headers: headers() });
        await response.text();
      }),
    DURATION_MS,
  );

  it.each([
    ['without a credential', () => rawRequest({ method: 'GET', target: '/metrics' })],
    ['with a key', () => rawRequest({ headers: [`authorization: Bearer ${portal.key}`], body: operation(LARGE) })],
  ])(
    'answers that are never read %s leave little behind',
    async (_, request) => {
      expect((await ask({ query: LARGE }, portal.key)).text.length).toBeGreaterThan(500_000);
      const open: RawConnection[] = [];
      await expectLittle(async () => {
        const client = await RawConnection.open(portal.origin, { isReading: false });
        open.push(await client.send(request()));
        // Its answer comes after the one before.
        await ask({ query: '{ __typename }' });
        if (open.length > UNREAD) open.shift()?.close();
      });
      for (const client of open) client.close();
    },
    DURATION_MS,
  );

  it('large queries that waited for the same lookup are spread over turns of the event loop', async () => {
    for (let warmUp = 0; warmUp < 3; warmUp++) await ask({ query: LARGE }, portal.key);
    await portal.figures();
    const created = await ask({ query: createKey('id'), variables: { input: NEW_KEY } }, portal.session);
    const key = created.at<string>('createApiKey.secret');
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => ask({ query: LARGE }, key)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await portal.figures()).longestMs).toBeLessThanOrEqual(LONGEST_MS);
  });

  it(
    'junk on the channel of changes leaves little behind',
    async () => {
      const stranger = new Client({ connectionString: portal.database.url });
      await stranger.connect();
      await expectLittle((n) =>
        stranger.query(`select pg_notify('latchkey_changes', 'junk ' || $1 || n) from generate_series(1, 100) as n`, [
          n,
        ]),
      );
      await stranger.end();
    },
    DURATION_MS,
  );
});
