import { jest } from '@jest/globals';
import { array, assert, asyncProperty, nat } from 'fast-check';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import { AdmissionAtOnce } from '#api-keys/graphql';
import type { Answer } from '../support/answer.js';
import { generateDocument } from '../support/document-generator.js';
import { GivenResources } from '../support/given-resources.js';
import type { GivenKey } from '../support/given.js';
import type { Credential } from '../support/post.js';
import { Scrape } from '../support/prometheus.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { flush, QUIET, usedOf } from '../support/usage.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60);

const choices = array(nat(1_000), { minLength: 10, maxLength: 120 });
/** The first choice of a document that holds a query. */
const QUERY = 1;
const DEVICES = 'query Page ($first: Int) { devices(first: $first) { nodes { id hostname } } }';
const ALERTS = '{ alerts { nodes { id } } }';
/** The first run compiles a query, the others take the fast path where it is on. */
const REPEATS = 3;

describe(`fast path and usual path (PROPERTY_SEED=${SEED})`, () => {
  let fast: TestPortal;
  let usual: TestPortal;
  let schema: GraphQLSchema;
  let key: GivenKey;
  let taken: jest.SpiedFunction<AdmissionAtOnce['admit']>;
  beforeAll(async () => {
    fast = await TestPortal.start({ config: { ...QUIET, compileAfter: 0 } });
    usual = await TestPortal.start({ config: { ...QUIET, compileAfter: Infinity }, database: fast.database });
    schema = fast.app.get(GraphQLSchemaHost, { strict: false }).schema;
    key = await fast.given.apiKey();
    const resources = new GivenResources(fast);
    const device = await fast.given.device({ tenant: key.tenant });
    await resources.alert({ tenant: key.tenant, device });
    await resources.configBackup({ tenant: key.tenant, device });
    await Promise.all([fast, usual].map((api) => api.settled(key.tenant.id)));
    for (const query of [DEVICES, ALERTS]) expect((await fast.query(query, { key: key.secret })).status).toBe(200);
  });
  beforeEach(() => {
    taken = jest.spyOn(AdmissionAtOnce.prototype, 'admit');
  });
  afterEach(() => taken.mockRestore());
  afterAll(async () => {
    await usual.stop();
    await fast.stop();
  });

  /** How many requests the gate let onto the fast path since the last look. */
  const takenCount = async () => {
    const admitted = await Promise.all(taken.mock.results.map(({ value }) => value));
    taken.mockClear();
    return admitted.filter(Boolean).length;
  };
  const askBoth = async (body: object, credential: Credential) => {
    const answers: Promise<object>[] = [];
    for (let repeat = 0; repeat < REPEATS; repeat++)
      for (const api of [fast, usual]) {
        // While changes are in doubt, as on a busy machine, no credential is remembered and no request takes the fast path.
        await api.settled(key.tenant.id);
        const answer = await api.send(JSON.stringify(body), credential);
        answers.push(Promise.resolve({ ...shown(answer), log: logged(api, answer) }));
      }
    const all = await Promise.all(answers);
    return { fast: all.filter((_, index) => index % 2 === 0), usual: all.filter((_, index) => index % 2 === 1) };
  };

  it('any query has the same status, headers, body and log line on both', async () => {
    await assert(
      asyncProperty(choices, async (chosen) => {
        const { text, variables } = generateDocument(schema, [QUERY, ...chosen], { maxConditions: 0 });
        const both = await askBoth({ query: text, variables }, { key: key.secret });
        expect(both.fast).toEqual(both.usual);
      }),
      { seed: SEED, numRuns: RUNS },
    );
    expect(await takenCount()).toBeGreaterThan(RUNS / 4);
  });

  const BODIES: [string, object, boolean][] = [
    ['a query with its variables', { query: DEVICES, variables: { first: 1 } }, true],
    [
      'a query with null for variables, name and extensions',
      { query: DEVICES, variables: null, operationName: null, extensions: null },
      true,
    ],
    [
      'a query by its name, with extensions that mean nothing',
      { query: DEVICES, operationName: 'Page', extensions: { client: 'x' } },
      true,
    ],
    ['a name that is a number', { query: DEVICES, operationName: 0 }, false],
    ['an empty name', { query: DEVICES, operationName: '' }, false],
    ['extensions that are a list', { query: DEVICES, extensions: [] }, false],
    ['a persisted query that is null', { query: DEVICES, extensions: { persistedQuery: null } }, false],
    ['variables named as members of objects', { query: DEVICES, variables: { constructor: 1, toString: 2 } }, true],
    ['variables with the value false', { query: DEVICES, variables: false }, false],
    ['a list of one operation', [{ query: DEVICES }], false],
    ['a name that the document does not have', { query: DEVICES, operationName: 'Other' }, false],
    ['a persisted query', { query: DEVICES, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }, false],
    ['variables that are a list', { query: DEVICES, variables: [] }, false],
    ['variables that do not fit', { query: DEVICES, variables: { first: 'x' } }, true],
    ['a page that is too large', { query: DEVICES, variables: { first: 100_000 } }, true],
    ['an error of a resolver beside data', { query: '{ device(id: "x") { id } viewer { kind } }' }, true],
    ['an error that leaves no data', { query: '{ devices(first: 0) { nodes { id } } }' }, true],
    [
      'a document of two operations',
      { query: `${DEVICES} query Other { viewer { kind } }`, operationName: 'Other' },
      false,
    ],
    ['a mutation', { query: 'mutation { deleteDevice(id: "00000000-0000-4000-8000-000000000000") { id } }' }, false],
    ['a query that a key may not run', { query: '{ apiKeys { nodes { id } } }' }, false],
    ['no query', { query: '' }, false],
  ];
  it.each(BODIES)('the answer is the same on both: %s', async (_, body, onFastPath) => {
    const both = await askBoth(body, { key: key.secret });
    expect(both.fast).toEqual(both.usual);
    expect((await takenCount()) > 0).toBe(onFastPath);
  });

  it.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['application/graphql-response+json, application/json;q=0.5'],
    ['*/*'],
    ['text/html'],
  ])('the answer has the same type on both: Accept %s', async (accept) => {
    const both = await askBoth({ query: DEVICES }, { key: key.secret, headers: { accept } });
    expect(both.fast).toEqual(both.usual);
  });

  it.each(['OPTIONS', 'PUT'])('a body is answered alike on both: %s', async (method) => {
    const body = JSON.stringify({ query: DEVICES });
    await askBoth({ query: DEVICES }, { key: key.secret });
    await takenCount();
    const headers = [`authorization: Bearer ${key.secret}`];
    const answers = await Promise.all(
      [fast, usual].map(({ url }) => sendRaw(url, rawRequest({ method, headers, body }))),
    );
    expect(answers.map((answer) => answer?.status)).toEqual([405, 405]);
    expect(await takenCount()).toBe(0);
  });

  it('a credential that is not good is refused alike on both, and its attempts are counted once', async () => {
    const revoked = await fast.given.apiKey({ tenant: key.tenant });
    await fast.query('mutation ($input: RevokeApiKeysInput!) { revokeApiKeys(input: $input) { count } }', {
      session: key.admin.session,
      variables: { input: { ids: [revoked.id] } },
    });
    await usual.caughtUp();
    for (const credential of [{ key: revoked.secret }, { key: `${key.secret}x` }, {}, { session: 'a.b.c' }]) {
      const both = await askBoth({ query: DEVICES }, credential);
      expect(both.fast).toEqual(both.usual);
    }
    for (const [count, api] of [fast, usual].entries()) {
      await flush(api);
      expect((await usedOf(fast, revoked)).attemptsAfterRevocation).toBe((count + 1) * REPEATS);
    }
    expect(await takenCount()).toBe(0);
  });

  it('a compiled query is refused to a key that lacks its scope, alike on both', async () => {
    const narrow = await fast.given.apiKey({ tenant: key.tenant, scopes: ['devices:read'] });
    const both = await askBoth({ query: ALERTS }, { key: narrow.secret });
    expect(both.fast).toEqual(both.usual);
    expect(await takenCount()).toBe(0);
  });

  it.each([
    ['with a rate', { limit: 4, windowSeconds: 3_600 }, [200, 400, 403, 200, 200, 429, 429]],
    ['without a rate', null, [200, 400, 403, 200, 200, 200, 200]],
  ])(
    'uses, refusals and units of a key %s are counted alike on both, once for each request',
    async (_, rateLimit, statuses) => {
      const outcomes = [fast, usual].map(async (api) => {
        const own = await fast.given.apiKey({ tenant: key.tenant, scopes: ['devices:read'], rateLimit });
        await api.settled(key.tenant.id);
        const ask = async (query: string, variables = {}) =>
          shown(await api.send(JSON.stringify({ query, variables }), { key: own.secret }));
        const answers = [await ask(DEVICES), await ask(DEVICES, { first: 'x' }), await ask(ALERTS)];
        for (let repeat = 0; repeat < 4; repeat++) answers.push(await ask(DEVICES));
        await flush(api);
        return { answers, used: { ...(await usedOf(fast, own)), lastUsedAt: null } };
      });
      const [onFast, onUsual] = await Promise.all(outcomes);
      expect(onFast).toEqual(onUsual);
      expect(onFast?.answers.map(({ status }) => status)).toEqual(statuses);
    },
  );

  it('every request is in the metrics of both, under the same labels', async () => {
    // Between its wait and its request, a busy machine may lose the proof of changes: then the run is repeated.
    await until('every request of a run takes the fast path', async () => {
      const [before, after] = [
        await counts(),
        (await askBoth({ query: DEVICES }, { key: key.secret }), await counts()),
      ];
      expect(after.fast.operations - before.fast.operations).toBe(REPEATS);
      expect(after.usual.operations - before.usual.operations).toBe(REPEATS);
      expect(after.fast.requests - before.fast.requests).toBe(REPEATS);
      return (await takenCount()) === REPEATS;
    });
  });

  const counts = async () => {
    const [one, other] = await Promise.all([fast, usual].map(countsOf));
    if (!one || !other) throw new Error('There is no scrape.');
    return { fast: one, usual: other };
  };
});

async function countsOf(api: TestPortal): Promise<{ operations: number; requests: number }> {
  const scrape = await Scrape.of(api);
  return {
    operations: scrape.value('latchkey_graphql_operation_duration_seconds_count', { operation: 'Page' }),
    requests: scrape.value('latchkey_http_request_duration_seconds_count', { route: '/graphql', status: '200' }),
  };
}

/** An answer without what differs between any two answers: the date, ids, and the seconds of a rate's window that are left. */
function shown({ status, headers, text }: Answer): { status: number; headers: object; text: string } {
  const { date, 'x-request-id': id, ...rest } = Object.fromEntries(headers);
  expect([typeof date, typeof id]).toEqual(['string', 'string']);
  if (rest['ratelimit']) rest['ratelimit'] = rest['ratelimit'].replace(/t=\d+/, 't=…');
  for (const name of ['ratelimit-reset', 'retry-after']) if (rest[name]) rest[name] = '…';
  const shownText = text
    .replace(/"(requestId|retryAfterSeconds)":("[^"]*"|\d+)/g, '"$1":…')
    .replace(/Try again in \d+ s/g, 'Try again in … s');
  return { status, headers: rest, text: shownText };
}

/** The lines that a portal logged for an answer, without times and ids. */
function logged(api: TestPortal, answer: Answer): object[] {
  const id = answer.headers.get('x-request-id');
  const lines = api.log.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ reqId }) => reqId === id);
  expect(lines.length).toBeGreaterThan(0);
  return lines.map(({ time: _time, ms: _ms, reqId: _id, ...rest }) => rest);
}
