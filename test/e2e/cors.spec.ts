import { TestPortal } from '../support/test-portal.js';

const LISTED = 'https://portal.example.com';
const OTHER = 'https://evil.example';

describe('a portal with CORS_ORIGINS', () => {
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

  it('answers the preflight request of a listed origin with what it may send, and asks for no cookies', async () => {
    const { status, headers } = await preflight(LISTED);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(LISTED);
    expect(headers.get('access-control-allow-headers')).toMatch(/authorization.*x-api-key/i);
    expect(headers.get('access-control-allow-methods')).toMatch(/POST/);
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('vary')).toMatch(/origin/i);
  });

  it('names no other origin', async () => {
    for (const answer of [await preflight(OTHER), await post(OTHER)])
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('lets a page of a listed origin read answers, refusals and the headers that explain them', async () => {
    const answered = await post(LISTED);
    expect([answered.status, answered.headers.get('access-control-allow-origin')]).toEqual([200, LISTED]);
    const refused = await post(LISTED, { authorization: 'Bearer mktp_wrong' });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, LISTED]);
    expect(refused.headers.get('access-control-expose-headers')).toMatch(/x-request-id/i);
  });
});

describe('a portal without CORS_ORIGINS', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start();
  });
  afterAll(() => api.stop());

  it('refuses a preflight request, and sends no CORS header', async () => {
    const headers = { origin: LISTED, 'access-control-request-method': 'POST' };
    const asked = await fetch(`${api.url}/graphql`, { method: 'OPTIONS', headers });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([400, null]);
  });
});
