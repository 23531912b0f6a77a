import { KeyAdministration } from '#api-keys';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const HISTORY = `query ($id: ID!) {
  apiKey(id: $id) { createdBy { id } revokedBy { id } }
  apiKeyEvents(filter: { apiKeyId: $id }) { nodes { kind actor { id } actorName actorKeyId } }
}`;
const SET_POLICY = `mutation ($input: SetApiKeyPolicyInput!) { setApiKeyPolicy(input: $input) { policy { requireExpiry } } }`;
const READ = ['devices:read'];

describe('keys of an operator', () => {
  let api: TestPortal;
  let keys: KeyAdministration;
  usePortal(async (started) => {
    api = started;
    keys = api.app.get(KeyAdministration, { strict: false });
  });

  it('keys that an operator makes work like any other, and the audit trail names the system as the actor', async () => {
    const tenant = await api.given.tenant();
    const owner = await api.given.user({ tenant, role: 'OPERATOR', kind: 'SERVICE' });
    const { session } = await api.given.admin(tenant);
    const { key, secret } = await keys.create({ owner: owner.email.toUpperCase(), name: 'ci', scopes: READ });
    const ask = () => api.query('{ viewer { scopes apiKey { id owner { id } } } }', { key: secret });
    expect((await ask()).data).toEqual({ viewer: { scopes: READ, apiKey: { id: key.id, owner: { id: owner.id } } } });

    await keys.revoke({ ids: [key.id], reason: 'COMPROMISED' });
    expect((await ask()).reason).toBe('REVOKED_KEY');
    const { data } = await api.query(HISTORY, { session, variables: { id: key.id } });
    const bySystem = { actor: null, actorName: null, actorKeyId: null };
    const nodes = ['REVOKED', 'CREATED'].map((kind) => ({ kind, ...bySystem }));
    expect(data).toEqual({ apiKey: { createdBy: null, revokedBy: null }, apiKeyEvents: { nodes } });
  });

  it("a key that an operator makes is held to the owner's role, the tenant's policy and the limits, and all problems are reported at once", async () => {
    const tenant = await api.given.tenant();
    const { session } = await api.given.admin(tenant);
    const variables = { input: { requireExpiry: true } };
    expect((await api.query(SET_POLICY, { session, variables })).errors).toEqual([]);
    const { email } = await api.given.user({ tenant, role: 'VIEWER' });
    const made = keys.create({ owner: email, name: ' ', scopes: ['devices:write', 'devices:reed'] });
    const expected = ['TOO_SHORT', 'SCOPE_NOT_GRANTABLE', 'UNKNOWN_SCOPE', 'POLICY_VIOLATION'];
    await expect(made).rejects.toMatchObject({ problems: expected.map((code) => expect.objectContaining({ code })) });
    expect(await api.database.sql('select id from api_keys where tenant_id = $1', [tenant.id])).toEqual([]);
  });

  it('an operator makes keys only for an active user who can own keys', async () => {
    const { email: superAdmin } = await api.given.user({ role: 'SUPER_ADMIN' });
    const { email: inactive, id } = await api.given.user();
    await api.database.sql('update users set is_active = false where id = $1', [id]);
    const refusals = [superAdmin, inactive, 'nobody@nowhere.example'].map((owner) =>
      keys.create({ owner, name: 'x', scopes: READ }).catch((error: { code?: string }) => error.code),
    );
    expect(await Promise.all(refusals)).toEqual(['CONFLICT', 'CONFLICT', 'NOT_FOUND']);
  });

  it('an operator lists all keys of one tenant, and of no other', async () => {
    const { tenant, admin } = await api.given.apiKey();
    await api.given.apiKey();
    await api.database.sql(
      `insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash, scopes)
       select tenant_id, user_id, 'key ' || number, key_prefix, md5(id::text || number) , scopes
       from api_keys, generate_series(1, 100) number where user_id = $1`,
      [admin.id],
    );
    const listed = new Set<string>();
    for await (const { id, tenantId } of keys.keys(tenant.id)) {
      expect(tenantId).toBe(tenant.id);
      listed.add(id);
    }
    expect(listed.size).toBe(101);
    const none = keys.keys(tenant.id, { status: ['REVOKED'] });
    expect(await none.next()).toEqual({ done: true, value: undefined });
  });

  it('an operator revokes all named keys or none, and every key of an owner', async () => {
    const [one, stranger] = [await api.given.apiKey(), await api.given.apiKey()];
    await api.given.apiKey({ tenant: one.tenant });
    const both = keys.revoke({ ids: [one.id, stranger.id], reason: 'OTHER' });
    await expect(both).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(keys.revoke({ ids: [], reason: 'OTHER' })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    const living = 'select id from api_keys where tenant_id = $1 and revoked_at is null';
    expect(await api.database.sql(living, [one.tenant.id])).toHaveLength(2);
    const { count, keys: revoked } = await keys.revoke({ owner: one.admin.email, reason: 'OWNER_LEFT' });
    expect([count, revoked.map(({ status }) => status)]).toEqual([2, ['REVOKED', 'REVOKED']]);
    expect(await api.database.sql(living, [one.tenant.id])).toEqual([]);
  });
});
