import { TestPortal } from '../support/test-portal.js';

const ID = '00000000-0000-4000-8000-000000000000';
/** A nullable variable with a default may stand where null may not: that it is null shows in execution alone. */
const PLACES: Record<string, string> = {
  'an argument': `query ($v: ID = "${ID}") { device(id: $v) { id } }`,
  'an argument of an input type':
    'mutation ($v: CreateDeviceInput = { hostname: "never", ipAddress: "10.0.0.1" }) { createDevice(input: $v) { device { id } } }',
  'a member of an input':
    'mutation ($v: String = "never") { createDevice(input: { hostname: $v, ipAddress: "10.0.0.1" }) { device { id } } }',
  'a directive of a root field': 'query ($v: Boolean = true) { viewer @include(if: $v) { kind } }',
  'a directive below a root field': 'query ($v: Boolean = true) { viewer { kind @skip(if: $v) } }',
  'an argument of a text': 'query ($v: String = "{ viewer }") { requiredScopes(document: $v) { scopes } }',
};

describe('null for a variable with a default', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start();
  });
  afterAll(() => api.stop());
  afterEach(() => {
    expect(api.log.filter((line) => line.includes('resolver failed'))).toEqual([]);
  });

  it.each(Object.entries(PLACES))(
    'null, where a default stands and null is not allowed, is bad input in %s, never a bug',
    async (_, document) => {
      const { secret, tenant } = await api.given.apiKey();
      const answer = await api.query(document, { key: secret, variables: { v: null } });
      expect([answer.status, answer.code, 'data' in JSON.parse(answer.text)]).toEqual([400, 'BAD_USER_INPUT', false]);
      expect(answer.errors[0]?.message).toMatch(/^Argument "/);
      expect(await api.database.sql('select from devices where tenant_id = $1', [tenant.id])).toEqual([]);
    },
  );

  it('null, where a default stands and null is not allowed, is bad input without a credential, too', async () => {
    const document = 'mutation ($v: String = "x") { reportLeakedApiKey(key: $v) { accepted } }';
    const answer = await api.query(document, { variables: { v: null } });
    expect([answer.status, answer.code]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('a null that is refused leaves the answer of the mutation before it', async () => {
    const { secret } = await api.given.apiKey();
    const document = `mutation ($v: CreateDeviceInput = { hostname: "b", ipAddress: "10.0.0.1" }) {
      first: createDevice(input: { hostname: "a", ipAddress: "10.0.0.1" }) { device { hostname } }
      second: createDevice(input: $v) { device { hostname } } }`;
    const answer = await api.query(document, { key: secret, variables: { v: null } });
    expect(answer.status).toBe(200);
    const { data } = JSON.parse(answer.text) as { data: unknown };
    expect(data).toEqual({ first: { device: { hostname: 'a' } }, second: null });
    expect(answer.errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['second'], 'BAD_USER_INPUT'],
    ]);
  });
});
