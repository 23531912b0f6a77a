import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const ASK = `query ($document: String!, $operationName: String) {
  requiredScopes(document: $document, operationName: $operationName) {
    scopes availableToApiKeys fields { coordinate path scopes sessionOnly public }
  }
}`;
interface Needs {
  scopes: string[];
  availableToApiKeys: boolean;
  fields: { coordinate: string; path: string[]; scopes: string[]; sessionOnly: boolean; public: boolean }[];
}

let api: TestPortal;

describe('required scopes', () => {
  usePortal((started) => (api = started));

  describe('query requiredScopes', () => {
    let key: string;
    beforeAll(async () => {
      key = (await api.given.apiKey({ scopes: ['config:read'] })).secret;
    });

    const ask = (document: string, operationName?: string) =>
      api.query(ASK, { key, variables: { document, operationName } });
    const needs = async (document: string, operationName?: string) =>
      (await ask(document, operationName)).at<Needs>('requiredScopes');

    it.each([
      ['{ __typename }', [], true],
      ['{ viewer { kind } }', [], true],
      ['{ devices { nodes { id } } }', ['devices:read'], true],
      ['{ viewer { kind } devices { totalCount } }', ['devices:read'], true],
      ['mutation { deleteDevice(id: "x") { id } }', ['devices:write'], true],
      ['{ apiKeys { nodes { id } } devices { nodes { id } } }', ['devices:read'], false],
      ['{ viewer { user { email } } }', [], false],
      ['query ($v: Boolean!) { viewer { kind } devices @include(if: $v) { totalCount } }', ['devices:read'], true],
      [
        'query ($v: Boolean = false) { viewer { kind } devices @include(if: $v) { totalCount } }',
        ['devices:read'],
        true,
      ],
      ['query ($v: Boolean!) { viewer { kind } devices @skip(if: $v) { totalCount } }', ['devices:read'], true],
      ['{ viewer { kind } devices @include(if: false) { totalCount } }', [], true],
      ['{ viewer { kind } devices @skip(if: true) { totalCount } }', [], true],
      ['{ ...F } fragment F on Query { ... on Query { d: devices { totalCount } } }', ['devices:read'], true],
    ])('requiredScopes of %s reports the smallest set', async (document, scopes, availableToApiKeys) => {
      expect(await needs(document)).toMatchObject({ scopes, availableToApiKeys });
    });

    it('requiredScopes lists each field that declares access, with its path as written, in document order', async () => {
      const document = `{ mine: viewer { who: user { email } } list: devices { nodes { id } } }`;
      expect((await needs(document)).fields).toEqual([
        { coordinate: 'Query.viewer', path: ['mine'], scopes: [], sessionOnly: false, public: false },
        { coordinate: 'Viewer.user', path: ['mine', 'who'], scopes: [], sessionOnly: false, public: false },
        { coordinate: 'User.email', path: ['mine', 'who', 'email'], scopes: [], sessionOnly: true, public: false },
        { coordinate: 'Query.devices', path: ['list'], scopes: ['devices:read'], sessionOnly: false, public: false },
      ]);
    });

    it('requiredScopes looks at the named operation', async () => {
      const document = 'query A { viewer { kind } } mutation B { deleteDevice(id: "x") { id } }';
      expect((await needs(document, 'A')).scopes).toEqual([]);
      expect((await needs(document, 'B')).scopes).toEqual(['devices:write']);
    });

    it('requiredScopes runs nothing', async () => {
      const { secret, tenant } = await api.given.apiKey({ scopes: ['devices:write'] });
      const document =
        'mutation { createDevice(input: { hostname: "planned", ipAddress: "10.0.0.9" }) { device { id } } }';
      const answer = await api.query(ASK, { key: secret, variables: { document } });
      expect(answer.at('requiredScopes.scopes')).toEqual(['devices:write']);
      expect(await api.database.sql('select 1 from devices where tenant_id = $1', [tenant.id])).toEqual([]);
    });

    it.each([
      ['{', undefined, 'document', /^1:2 Syntax Error/],
      ['', undefined, 'document', /Syntax Error/],
      ['{\n  devicez { id }\n}', undefined, 'document', /^2:3 Cannot query field "devicez" on type "Query"\.$/],
      ['{ devices }', undefined, 'document', /^1:3 .*must have a selection/],
      ['{ device(id: "x") { ...Gone } }', undefined, 'document', /^1:24 Unknown fragment/],
      [
        'subscription { devices }',
        undefined,
        'document',
        /^1:16 Cannot query field "devices" on type "Subscription"\.$/,
      ],
      ['fragment F on Query { __typename }', undefined, 'document', /^1:1 Fragment "F" is never used/],
      ['query A { __typename } query B { __typename }', undefined, 'operationName', /must name one of the several/],
      ['query A { __typename }', 'B', 'operationName', /names no operation/],
      ['{ __typename }', '', 'operationName', /names no operation/],
    ])('requiredScopes of %j (%p) is bad input, at %s', async (document, operationName, argument, message) => {
      const answer = await ask(document, operationName);
      expect([answer.status, answer.code]).toEqual([200, 'BAD_USER_INPUT']);
      expect(answer.problems).toEqual([
        { path: [argument], code: 'MALFORMED', message: expect.stringMatching(message) },
      ]);
    });

    it('requiredScopes of a document that is nested too deeply to be parsed is bad input', async () => {
      const answer = await ask(`{a(b:${'['.repeat(1_990)}`);
      // How deep the parser comes depends on how much of it has been compiled by then.
      expect(answer.problemCodes).toEqual([['document', 'MALFORMED']]);
    });

    it('requiredScopes parses no more of a document than of an operation that is sent', async () => {
      const answer = await ask(`{ ${'__typename '.repeat(2_001)} }`);
      expect(answer.problems).toEqual([
        { path: ['document'], code: 'MALFORMED', message: expect.stringContaining('2000 tokens') },
      ]);
    });

    it('requiredScopes parses no more of all documents of one request than of one document', async () => {
      /** 3 tokens for each field, and 4 more. */
      const documentOf = (fields: number) =>
        `{ ${Array.from({ length: fields }, (_, n) => `f${n}: __typename`).join(' ')} }`;
      const several = `query ($one: String!, $other: String!) {
      a: requiredScopes(document: $one) { scopes } b: requiredScopes(document: $other) { scopes }
    }`;
      const askBoth = (one: string, other: string) => api.query(several, { key, variables: { one, other } });
      const fitting = await askBoth(documentOf(300), documentOf(360));
      expect(fitting.data).toEqual({ a: { scopes: [] }, b: { scopes: [] } });
      const refused = await askBoth(documentOf(300), documentOf(370));
      expect(refused.errors.map(({ path, extensions }) => [path, extensions['problems']])).toEqual([
        [['b'], [{ path: ['document'], code: 'MALFORMED', message: expect.stringContaining('2000 tokens') }]],
      ]);
    });

    it('requiredScopes reports no more fields for all documents of one request than for one of them', async () => {
      /** Makes 7,164 fields of 337 tokens. */
      const below = (n: number) => `nodes { device { ...F${n + 1} } }`;
      const fragments = Array.from({ length: 10 }, (_, n) => {
        return `fragment F${n} on Device { a: alerts { ${below(n)} } b: alerts { ${below(n)} } }`;
      });
      const document = `{ devices { nodes { ...F0 } } } ${fragments.join(' ')} fragment F10 on Device { id }`;
      const twice = `query ($document: String!) {
        a: requiredScopes(document: $document) { scopes } b: requiredScopes(document: $document) { scopes }
      }`;
      expect((await needs(document)).scopes).toEqual(['alerts:read', 'devices:read']);
      const answer = await api.query(twice, { key, variables: { document } });
      expect(answer.errors.map(({ path, extensions }) => [path, extensions['problems']])).toEqual([
        [['b'], [{ path: ['document'], code: 'TOO_MANY', message: expect.stringContaining('together') }]],
      ]);
    });

    it('requiredScopes reports all faults of a document with several, and suggests no name of the schema', async () => {
      const answer = await ask('{ devicez { id } viewr { kind } }');
      expect(answer.problems.map(({ message }) => message.slice(0, 4))).toEqual(['1:3 ', '1:18']);
      expect(answer.text).not.toContain('Did you mean');
    });

    it('requiredScopes of a short document that multiplies beyond all bounds is bad input, and running the document is refused', async () => {
      const below = (n: number) => `nodes { device { ...F${n + 1} } }`;
      const fragments = Array.from({ length: 20 }, (_, n) => {
        return `fragment F${n} on Device { a: alerts { ${below(n)} } b: alerts { ${below(n)} } }`;
      });
      const document = `{ devices { nodes { ...F0 } } } ${fragments.join(' ')} fragment F20 on Device { id }`;
      const answer = await ask(document);
      expect(answer.problems).toEqual([
        { path: ['document'], code: 'TOO_MANY', message: expect.stringContaining('10000 fields') },
      ]);
      const { secret } = await api.given.apiKey();
      const run = await api.query(document, { key: secret });
      expect([run.status, run.code]).toEqual([400, 'QUERY_TOO_COMPLEX']);
      expect(run.body).not.toHaveProperty('data');
    });

    it('requiredScopes answers every valid credential, and no request without one', async () => {
      const variables = { document: '{ __typename }' };
      const viewer = await api.given.user({ role: 'VIEWER' });
      const platform = await api.given.user({ role: 'SUPER_ADMIN' });
      for (const { session } of [viewer, platform])
        expect((await api.query(ASK, { session, variables })).at('requiredScopes.scopes')).toEqual([]);
      const answer = await api.query(ASK, { variables });
      expect([answer.status, answer.reason]).toEqual([401, 'MISSING_CREDENTIAL']);
    });
  });

  it('requiredScopes of a subscription returns its needs like those of a query', async () => {
    const { session } = await api.given.user();
    const document = 'subscription { apiKeyEvents { id actor { email } } }';
    const answer = await api.query(ASK, { session, variables: { document } });
    expect(answer.at('requiredScopes')).toMatchObject({ scopes: [], availableToApiKeys: false });
  });
});
