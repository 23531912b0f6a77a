import type { GivenTenant, GivenUser } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';

let api: TestPortal;
let tenant: GivenTenant;
let admin: GivenUser;
beforeAll(async () => {
  api = await TestPortal.start();
});
beforeEach(async () => {
  tenant = await api.given.tenant();
  admin = await api.given.admin(tenant);
});
afterAll(() => api.stop());

const ask = (query: string, variables: Record<string, unknown> = {}) =>
  api.query(query, { session: admin.session, variables });

describe('the viewer', () => {
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
    const answer = await ask(VIEWER);
    expect(answer.at('viewer')).toMatchObject({ kind: 'USER', user: { id: admin.id }, apiKey: null });
  });
});

describe('the scopes', () => {
  it('tell what they open, who holds them and who may grant them', async () => {
    const SCOPES = '{ apiScopes { name opens grantedTo grantableByMe } }';
    const scopes = (await ask(SCOPES)).at<
      { name: string; opens: string[]; grantedTo: string[]; grantableByMe: boolean }[]
    >('apiScopes');
    expect(scopes.map(({ name }) => name)).toEqual([
      'devices:read',
      'devices:write',
      'config:read',
      'config:write',
      'alerts:read',
      'firmware:write',
    ]);
    expect(scopes[1]).toEqual({
      name: 'devices:write',
      opens: ['Mutation.createDevice', 'Mutation.deleteDevice', 'Mutation.updateDevice'],
      grantedTo: ['SUPER_ADMIN', 'TENANT_ADMIN', 'OPERATOR'],
      grantableByMe: true,
    });
    const { secret } = await api.given.apiKey({ tenant });
    const byKey = (await api.query(SCOPES, { key: secret })).at<{ grantableByMe: boolean }[]>('apiScopes');
    expect(byKey.every(({ grantableByMe }) => !grantableByMe)).toBe(true);
  });
});
