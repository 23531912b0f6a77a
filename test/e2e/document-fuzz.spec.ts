import { GraphQLSchemaHost } from '@nestjs/graphql';
import { array, assert, asyncProperty, constantFrom, nat, record } from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { Aftermath } from '../support/aftermath.js';
import { CREATE_ROWS } from '../support/argument-rows.js';
import { DOCUMENT_ROWS } from '../support/document-rows.js';
import { DOCUMENT_VALUE_ROWS } from '../support/document-value-rows.js';
import { generateDocument } from '../support/document-generator.js';
import type { GivenKey } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);
/** Whatever is sent, what comes back is one of these. */
const STATUSES = [200, 400, 401, 403, 405, 406, 413, 415, 429, 431];

const PLAIN = [
  0,
  -1,
  1,
  20,
  101,
  2_147_483_647,
  1e300,
  true,
  false,
  null,
  [],
  {},
  [[]],
  '',
  '10.0.0.1',
  '::/0',
  'ONLINE',
];
/** Page sizes, cursors and ids, good and bad, beside all that rows of bad input hold. */
const VALUES: readonly unknown[] = [
  ...CREATE_ROWS.flatMap(({ input }) => Object.values(input)),
  ...DOCUMENT_VALUE_ROWS.flatMap(({ variables }) => Object.values(variables ?? {})),
  ...PLAIN,
  ...['', '!!!', '["x"]', '["x","infinity","y"]'].map((text) => Buffer.from(text).toString('base64url')),
  ...DOCUMENT_ROWS.map(({ query }) => query).filter((query) => query.length < 2_000),
];

/** What happens to a document on its way: nothing, mostly. */
const DAMAGE: ((text: string, at: number) => string)[] = [
  ...Array.from({ length: 20 }, () => (text: string) => text),
  (text, at) => text.slice(0, at % text.length),
  (text, at) => text.slice(0, at % text.length) + text.slice((at % text.length) + 1),
  (text, at) => `${text.slice(0, at % text.length)}\u0000${text.slice(at % text.length)}`,
];

describe(`generated documents (PROPERTY_SEED=${SEED})`, () => {
  let api: TestPortal;
  let key: GivenKey;
  let watched: GivenKey;
  let aftermath: Aftermath;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    api = await TestPortal.start();
    watched = await api.given.apiKey();
    schema = api.app.get(GraphQLSchemaHost, { strict: false }).schema;
    aftermath = await Aftermath.begin(api, watched);
  });
  afterAll(async () => {
    aftermath.end();
    await api.stop();
  });

  /** A key of a tenant of its own: what is sent may end the one and close the other. */
  async function fresh(): Promise<unknown[]> {
    key = await api.given.apiKey();
    aftermath.secrets.add(key.secret).add(key.admin.session);
    const device = await api.given.device({ tenant: key.tenant });
    return [...VALUES, ...[device, key, key.admin, watched].flatMap(({ id }) => Array.from({ length: 10 }, () => id))];
  }

  it('a generated document is answered with one of the known statuses, and never with a bug', async () => {
    let pool = await fresh();
    const tally: Record<string, number> = {};
    const request = record({
      choices: array(nat(100_000), { minLength: 10, maxLength: 150 }),
      caller: constantFrom('key', 'session', 'session', 'nobody'),
      accept: constantFrom('application/graphql-response+json', 'application/json', '*/*'),
      damage: constantFrom(...DAMAGE),
      at: nat(100_000),
    });
    await assert(
      asyncProperty(request, async ({ choices, caller, accept, damage, at }) => {
        const { text, allTaken, variables } = generateDocument(schema, choices, {
          maxFields: 10,
          maxConditions: 6,
          pool,
        });
        const credential = { key: { key: key.secret }, session: { session: key.admin.session }, nobody: {} }[caller];
        const answer = await aftermath.of(() =>
          api.query(damage(text, at), { ...credential, variables: { ...allTaken, ...variables }, headers: { accept } }),
        );
        expect(STATUSES).toContain(answer.status);
        expect(answer.text).not.toContain('INTERNAL_SERVER_ERROR');
        const codes = answer.errors.map(({ extensions }) =>
          extensions.reason && extensions.code === 'QUERY_TOO_COMPLEX' ? extensions.reason : extensions.code,
        );
        for (const code of codes.length > 0 ? new Set(codes) : ['DONE']) tally[code] = (tally[code] ?? 0) + 1;
        if (answer.status === 401 && caller !== 'nobody') pool = await fresh();
      }),
      { seed: SEED, numRuns: RUNS },
    );
    await aftermath.ofRow();
    // A generator that no longer gets beyond the parser would prove nothing. The rarest is one in eleven.
    for (const reached of ['DONE', 'BAD_USER_INPUT', 'FORBIDDEN', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED'])
      expect([reached, (tally[reached] ?? 0) >= RUNS / 100]).toEqual([reached, true]);
  });
});
