import { unknownKey } from '../support/unknown-key.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

interface Line {
  level: number;
  msg: string;
  path: string;
  status: number;
  code?: string;
  reason?: string;
}

describe('request log', () => {
  let api: TestPortal;
  beforeAll(async () => (api = await TestPortal.start()));
  afterAll(() => api.stop());

  /** The line of what is asked for. */
  const lineOf = async (ask: () => Promise<unknown>): Promise<Line> => {
    const before = api.log.length;
    const found = () =>
      api.log
        .slice(before)
        .map((line) => JSON.parse(line) as Line)
        .find(({ msg }) => msg === 'request');
    await ask();
    await until('the request is logged', () => found() !== undefined);
    return found() as Line;
  };

  it('the log of requests gives the reason of a refusal', async () => {
    const secret = unknownKey();
    expect(await lineOf(() => api.query('{ viewer { kind } }', { key: secret }))).toMatchObject({
      level: 30,
      status: 401,
      code: 'UNAUTHENTICATED',
      reason: 'INVALID_KEY',
    });
    expect(await lineOf(() => api.query('{ nothing }'))).toMatchObject({
      status: 400,
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
    expect(await lineOf(() => fetch(`${api.url}/nope`))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    const key = await api.given.apiKey({ scopes: ['devices:read'] });
    const variables = { input: { hostname: 'x', ipAddress: '10.0.0.1' } };
    const query = 'mutation ($input: CreateDeviceInput!) { createDevice(input: $input) { device { id } } }';
    expect(await lineOf(() => api.query(query, { key: key.secret, variables }))).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('the log of requests gives no reason for an answered request', async () => {
    const line = await lineOf(() => api.query('{ __typename }'));
    expect([line.status, line.code, line.reason]).toEqual([200, undefined, undefined]);
  });

  it.each(['/health/live', '/health/ready', '/metrics'])(
    'the log of requests has %s at debug while the check succeeds',
    async (path) => {
      expect(await lineOf(() => fetch(`${api.url}${path}`))).toMatchObject({ level: 20, path, status: 200 });
    },
  );
});
