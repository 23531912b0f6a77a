import type { GivenTenant, GivenUser } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';

let api: TestPortal;
let tenant: GivenTenant;
let admin: GivenUser;

describe('the viewer', () => {
  beforeAll(async () => {
    api = await TestPortal.start();
  });
  beforeEach(async () => {
    tenant = await api.given.tenant();
    admin = await api.given.admin(tenant);
  });
  afterAll(() => api.stop());

  const VIEWER = '{ viewer { kind scopes tenant { id } user { id role } apiKey { id } } }';

  it('of a key is the key, its owner and what both may do', async () => {
    const viewer = await api.given.user({ tenant, role: 'VIEWER' });
    const key = await api.given.apiKey({ tenant, owner: viewer, scopes: ['devices:read', 'alerts:read'] });
    expect((await api.query(VIEWER, { key: key.secret })).at('viewer')).toEqual({
      kind: 'API_KEY',
      scopes: ['alerts:read', 'devices:read'],
      tenant: { id: tenant.id },
      user: { id: viewer.id, role: 'VIEWER' },
      apiKey: { id: key.id },
    });
  });

  it('of a session is its user', async () => {
    const answer = await api.query(VIEWER, { session: admin.session });
    expect(answer.at('viewer')).toMatchObject({ kind: 'USER', user: { id: admin.id }, apiKey: null });
  });
});
