import { TestPortal } from '../support/test-portal.js';

const DEVICES = `{ devices { nodes { hostname } } }`;

describe('a request', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start();
  });
  afterAll(() => api.stop());

  it('without a credential is told which it needs', async () => {
    const answer = await api.query(DEVICES);
    expect([answer.status, answer.code, answer.reason]).toEqual([401, 'UNAUTHENTICATED', 'MISSING_CREDENTIAL']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="portal"');
    expect(answer.body).not.toHaveProperty('data');
  });

  it('with a good key gets data of its tenant', async () => {
    const { secret, tenant } = await api.given.apiKey({ scopes: ['devices:read'] });
    const device = await api.given.device({ tenant });
    const answer = await api.query(DEVICES, { key: secret });
    expect(answer.data).toEqual({ devices: { nodes: [{ hostname: device.hostname }] } });
  });
});
