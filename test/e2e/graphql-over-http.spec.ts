import { type Audit, serverAudits } from 'graphql-http';
import type { GivenKey } from '../support/given.js';
import { production } from '../support/production.js';
import { TestPortal } from '../support/test-portal.js';

const RESPONSE_JSON = 'application/graphql-response+json';
const BOTH_TYPES = ['application/json', RESPONSE_JSON];
/** Audits that ask `__type` and want an answer; `BF61`, which asks it too, wants no more than a status of 200. */
const NEED_INTROSPECTION = ['2EA1', '28B9', 'D6D5', '6A70'];

let key: GivenKey;
let development: TestPortal;
let live: TestPortal;

describe('GraphQL over HTTP', () => {
  beforeAll(async () => {
    development = await TestPortal.start();
    live = await TestPortal.start({ database: development.database, environment: production() });
    key = await development.given.apiKey();
  });
  afterAll(async () => {
    await live.stop();
    await development.stop();
  });

  /** Apollo Server wants a sign that no form sent a GET. */
  const credential = () => ({ authorization: `Bearer ${key.secret}`, 'apollo-require-preflight': 'true' });

  /** The audits of a portal that is asked by a key; `asked` gathers what they send. */
  function auditsOf(portal: () => TestPortal, asked: string[] = []): Audit[] {
    return serverAudits({
      url: () => `${portal().url}/graphql`,
      fetchFn: (url: string, init: RequestInit = {}) => {
        asked.push(`${decodeURIComponent(url)} ${String(init.body)}`);
        return fetch(url, { ...init, headers: { ...init.headers, ...credential() } });
      },
    });
  }

  describe('with introspection', () => {
    const audits = auditsOf(() => development);

    it('graphql-http has 61 audits', () => expect(audits).toHaveLength(61));

    it.each(audits.map(({ id, name, fn }) => ({ id, name, fn })))('audit $id: $name', async ({ fn }) => {
      expect(await fn()).toMatchObject({ status: 'ok' });
    });
  });

  it('in production only the audits that need introspection fail', async () => {
    const asked: string[] = [];
    const failed: string[] = [];
    const asking: string[] = [];
    for (const { id, fn } of auditsOf(() => live, asked)) {
      asked.length = 0;
      if ((await fn()).status !== 'ok') failed.push(id);
      if (asked.some((request) => request.includes('__type('))) asking.push(id);
    }
    expect(failed).toEqual(NEED_INTROSPECTION);
    expect(asking).toEqual(['BF61', ...NEED_INTROSPECTION]);
  });

  describe('beyond the audits', () => {
    const ask = (query: string, accept = RESPONSE_JSON, variables?: Record<string, unknown>) =>
      live.query(query, { key: key.secret, variables, headers: { accept } });

    it.each([
      ['application/json; charset=utf-8', 'application/json'],
      ['application/json;charset=UTF-8', 'application/json'],
      ['Application/JSON; Charset="utf-8"', 'application/json'],
      ['APPLICATION/GRAPHQL-RESPONSE+JSON', RESPONSE_JSON],
      [`${RESPONSE_JSON}; charset="utf-8"`, RESPONSE_JSON],
      [`${RESPONSE_JSON}; charset=utf-8, application/json; charset=utf-8`, RESPONSE_JSON],
      [`application/json; charset=utf-8, ${RESPONSE_JSON}; charset=utf-8`, 'application/json'],
      [`application/json; q=0.5; charset=utf-8, ${RESPONSE_JSON}; charset="a,b;q=0"; q=0.9`, RESPONSE_JSON],
      [`${RESPONSE_JSON};q=0.1, application/json`, 'application/json'],
      [`${RESPONSE_JSON};q=0, */*`, 'application/json'],
      ['application/json;q=0, application/*', RESPONSE_JSON],
      ['application/*', 'application/json'],
      ['*/*; charset=utf-8', 'application/json'],
      ['text/html, */*;q=0.1', 'application/json'],
    ])('OWN0 the status follows the media type of the answer: %s', async (accept, type) => {
      const { status, headers } = await ask('{ doesNotExist }', accept);
      expect([headers.get('content-type'), status]).toEqual([
        `${type}; charset=utf-8`,
        type === RESPONSE_JSON ? 400 : 200,
      ]);
      const good = await ask('{ __typename }', accept);
      expect([good.status, good.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
      const unparsed = await ask('{', accept);
      expect([unparsed.status, unparsed.headers.get('content-type')]).toEqual([status, `${type}; charset=utf-8`]);
    });

    it.each([
      'text/html',
      'application/json;q=0; charset=utf-8',
      'application/json;q=0.0',
      'application/jsonx',
      '"application/json"',
    ])('OWN0 an Accept that allows neither media type is 406: %s', async (accept) =>
      expect((await ask('{ __typename }', accept)).status).toBe(406),
    );

    it('OWN0 the refusal of introspection is a sentence for the client', async () => {
      const { errors } = await ask('{ __schema { types { name } } }');
      expect(errors[0]?.message).toBe('This server does not answer introspection (__schema and __type).');
      expect(JSON.stringify(errors)).not.toMatch(/apollo/i);
    });

    it('OWN1 a document that parses but does not validate is 400 without data', async () => {
      const answer = await ask('{ doesNotExistQ }');
      expect([answer.status, answer.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
      expect(answer.body).not.toHaveProperty('data');
    });

    it('OWN2 a variable that is used and has the wrong type is 400 without data', async () => {
      const query = 'query ($first: Int) { devices(first: $first) { totalCount } }';
      const answer = await ask(query, RESPONSE_JSON, { first: 'x' });
      expect([answer.status, answer.code]).toEqual([400, 'BAD_USER_INPUT']);
      expect(answer.body).not.toHaveProperty('data');
      expect((await ask(query, 'application/json', { first: 'x' })).status).toBe(200);
    });

    it.each(BOTH_TYPES)('OWN3 a missing credential is 401 without data, as %s', async (accept) => {
      const answer = await live.query('{ viewer { kind } }', { headers: { accept } });
      expect([answer.status, answer.code]).toEqual([401, 'UNAUTHENTICATED']);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
      expect(answer.body).not.toHaveProperty('data');
    });

    it('OWN4 a mutation by GET is 405, and runs nothing', async () => {
      const mutation =
        'mutation { createDevice(input: { hostname: "by-get", ipAddress: "10.0.0.1" }) { device { id } } }';
      const response = await fetch(`${live.url}/graphql?query=${encodeURIComponent(mutation)}`, {
        headers: credential(),
      });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
      expect(await live.database.sql(`select from devices where hostname = 'by-get'`)).toEqual([]);
    });

    it.each(['text/html', 'image/png'])('OWN5 a client that accepts only %s gets a 406', async (accept) => {
      expect((await ask('{ viewer { kind } }', accept)).status).toBe(406);
    });

    it.each(BOTH_TYPES)('OWN6 data beside an error of a field is 200, as %s', async (accept) => {
      const answer = await ask('{ viewer { kind } device(id: "x") { id } }', accept);
      expect([answer.status, answer.code]).toEqual([200, 'BAD_USER_INPUT']);
      expect(answer.body.data).toEqual({ viewer: { kind: 'API_KEY' }, device: null });
      expect(answer.headers.get('content-type')).toBe(`${accept}; charset=utf-8`);
    });
  });
});
