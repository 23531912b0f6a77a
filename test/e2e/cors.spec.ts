import { TestPortal } from '../support/test-portal.js';

const LISTED = 'https://portal.example.com';
const OTHER = 'https://evil.example';

describe('CORS_ORIGINS with origins', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start({ environment: { CORS_ORIGINS: `${LISTED},http://localhost:5173` } });
  });
  afterAll(() => api.stop());

  const preflight = (origin: string) =>
    fetch(`${api.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
  const post = (origin: string, headers: Record<string, string> = {}) =>
    fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: '{ __typename }' }),
    });

  it('a preflight request of a listed origin is answered with what may be sent, and without cookies', async () => {
    const { status, headers } = await preflight(LISTED);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(LISTED);
    expect(headers.get('access-control-allow-headers')).toMatch(/authorization.*x-api-key.*last-event-id/i);
    expect(headers.get('access-control-allow-methods')).toMatch(/POST/);
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('vary')).toMatch(/origin/i);
  });

  it.each([
    ['/graphql', 400],
    ['/health/live', 404],
  ])('an OPTIONS request that is no preflight request is refused as JSON: %s', async (path, refused) => {
    const { status, headers } = await fetch(`${api.url}${path}`, { method: 'OPTIONS', headers: { origin: LISTED } });
    expect([status, headers.get('content-type')]).toEqual([refused, 'application/json; charset=utf-8']);
    expect(headers.get('x-request-id')).not.toBeNull();
  });

  it('a request of another origin gets no CORS header that names it', async () => {
    for (const answer of [await preflight(OTHER), await post(OTHER)])
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('a page of a listed origin reads answers, refusals and the headers that explain them', async () => {
    const answered = await post(LISTED);
    expect([answered.status, answered.headers.get('access-control-allow-origin')]).toEqual([200, LISTED]);
    const refused = await post(LISTED, { authorization: 'Bearer mktp_wrong' });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, LISTED]);
    expect(refused.headers.get('access-control-expose-headers')).toMatch(/x-request-id/i);
  });
});

describe('CORS_ORIGINS without origins', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start();
  });
  afterAll(() => api.stop());

  it('without CORS_ORIGINS a preflight request is refused, and no CORS header is sent', async () => {
    const headers = { origin: LISTED, 'access-control-request-method': 'POST' };
    const asked = await fetch(`${api.url}/graphql`, { method: 'OPTIONS', headers });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([400, null]);
  });
});
