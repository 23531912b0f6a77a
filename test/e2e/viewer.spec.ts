import { ownTenant } from '../support/own-tenant.js';

describe('the viewer', () => {
  const own = ownTenant();

  const VIEWER = '{ viewer { kind scopes tenant { id } user { id role } apiKey { id } } }';

  it('the viewer of a key is the key, with its owner and what both may do', async () => {
    const viewer = await own.api.given.user({ tenant: own.tenant, role: 'VIEWER' });
    const key = await own.api.given.apiKey({
      tenant: own.tenant,
      owner: viewer,
      scopes: ['devices:read', 'alerts:read'],
    });
    expect((await own.api.query(VIEWER, { key: key.secret })).at('viewer')).toEqual({
      kind: 'API_KEY',
      scopes: ['alerts:read', 'devices:read'],
      tenant: { id: own.tenant.id },
      user: { id: viewer.id, role: 'VIEWER' },
      apiKey: { id: key.id },
    });
  });

  it('the viewer of a session is its user', async () => {
    const answer = await own.api.query(VIEWER, { session: own.admin.session });
    expect(answer.at('viewer')).toMatchObject({ kind: 'USER', user: { id: own.admin.id }, apiKey: null });
  });
});
