import type { UserRole } from '#access';
import type { GivenKey } from '../support/given.js';
import { askKeys, EVIDENCE, keyIn } from '../support/key-operations.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

let api: TestPortal;

describe('key transfer', () => {
  usePortal((started) => (api = started));

  describe('transfer', () => {
    const transfer = (key: GivenKey, ownerId: string) =>
      askKeys(api, 'transferApiKey', { id: key.id, ownerId }, { session: key.admin.session });
    const evidence = async (key: GivenKey) => (await api.database.sql(EVIDENCE, [key.id]))[0];
    const given = async (role: UserRole, scopes: string[], roleNow = role) => {
      const owner = await api.given.user({ role });
      const tenant = { id: String(owner.tenantId), name: '' };
      const key = await api.given.apiKey({ tenant, owner, scopes });
      await api.database.sql('update users set role = $2 where id = $1', [owner.id, roleNow]);
      return { key, tenant, owner };
    };
    const ALL = ['devices:read', 'devices:write', 'alerts:read'];

    it.each([
      ['to an equal keeps its scopes', 'OPERATOR', 'OPERATOR', 'OPERATOR', ALL],
      ['to a lower role keeps what that opens', 'OPERATOR', 'OPERATOR', 'VIEWER', ['devices:read', 'alerts:read']],
      ['to a higher role gains nothing', 'VIEWER', 'VIEWER', 'TENANT_ADMIN', ['devices:read', 'alerts:read']],
      ['from a demoted owner gains nothing', 'OPERATOR', 'VIEWER', 'TENANT_ADMIN', ['devices:read', 'alerts:read']],
    ] as const)('a transfer %s', async (_, role, roleNow, heirRole, left) => {
      const scopes = role === 'VIEWER' ? ['devices:read', 'alerts:read'] : ALL;
      const { key, tenant, owner } = await given(role, scopes, roleNow);
      const heir = await api.given.user({ tenant, role: heirRole });
      const moved = keyIn(await transfer(key, heir.id), 'transferApiKey');
      expect([moved.owner.id, moved.scopes, moved.effectiveScopes]).toEqual([heir.id, left, left]);
      await api.database.sql(`update users set role = 'TENANT_ADMIN' where id = any($1)`, [[owner.id, heir.id]]);
      const later = keyIn(await askKeys(api, 'apiKey', { id: key.id }, { session: key.admin.session }), 'apiKey');
      expect(later.effectiveScopes).toEqual(left);
    });

    it('a transfer to a user whose role opens none of the scopes is refused', async () => {
      const { key, tenant } = await given('OPERATOR', ['devices:write']);
      const heir = await api.given.user({ tenant, role: 'VIEWER' });
      const before = await evidence(key);
      const answer = await transfer(key, heir.id);
      expect(answer.problems).toMatchObject([{ path: ['ownerId'], code: 'SCOPE_NOT_GRANTABLE' }]);
      expect(await evidence(key)).toEqual(before);
    });

    it('a transferred key works at once with the authority of its new owner', async () => {
      const { key, tenant, owner } = await given('TENANT_ADMIN', ['devices:read']);
      const heir = await api.given.user({ tenant, kind: 'SERVICE' });
      await transfer(key, heir.id);
      await api.database.sql('update users set is_active = false where id = $1', [owner.id]);
      expect((await api.query('{ devices { nodes { id } } }', { key: key.secret })).code).toBeUndefined();
    });

    it('a transfer to the present owner changes nothing, even when the owner is inactive', async () => {
      const { key, owner } = await given('OPERATOR', ALL);
      await api.database.sql('update users set is_active = false where id = $1', [owner.id]);
      const before = await evidence(key);
      const repeated = keyIn(await transfer(key, owner.id.toUpperCase()), 'transferApiKey');
      expect([repeated.owner.id, repeated.status, repeated.version]).toEqual([owner.id, 'OWNER_INACTIVE', 1]);
      expect(await evidence(key)).toEqual(before);
    });

    it('a transfer to an unknown user is NOT_FOUND, to an inactive user a conflict, and all malformed ids are named', async () => {
      const { key, tenant } = await given('TENANT_ADMIN', ['devices:read']);
      const before = await evidence(key);
      const foreigner = await api.given.user();
      const [foreign, unknown] = [
        await transfer(key, foreigner.id),
        await transfer(key, '00000000-0000-4000-8000-000000000000'),
      ];
      expect([foreign.code, unknown.text]).toEqual(['NOT_FOUND', foreign.text]);
      const idle = await api.given.user({ tenant });
      await api.database.sql('update users set is_active = false where id = $1', [idle.id]);
      const inactive = await transfer(key, idle.id);
      expect([inactive.reason, inactive.errors[0]?.extensions['status']]).toEqual(['INVALID_STATE', 'OWNER_INACTIVE']);
      const malformed = await askKeys(api, 'transferApiKey', { id: 'x', ownerId: 'y' }, { session: key.admin.session });
      expect(malformed.problems).toMatchObject([{ path: ['id'] }, { path: ['ownerId'] }]);
      expect(await evidence(key)).toEqual(before);
    });
  });

  describe('keys that revoke themselves', () => {
    it('a key that ends itself is dead at once, and its event names the key as the actor', async () => {
      const { id, secret, admin } = await api.given.apiKey();
      const ended = keyIn(await askKeys(api, 'revokeCurrentApiKey', {}, { key: secret }), 'revokeCurrentApiKey');
      expect([ended.id, ended.status, ended.revocationReason, ended.version]).toEqual([id, 'REVOKED', 'OTHER', 2]);
      expect((await askKeys(api, 'revokeCurrentApiKey', {}, { key: secret })).reason).toBe('REVOKED_KEY');
      const shown = await api.query('query ($id: ID!) { apiKey(id: $id) { revokedBy { id } revocationNote } }', {
        session: admin.session,
        variables: { id },
      });
      expect(shown.at('apiKey')).toEqual({ revokedBy: null, revocationNote: null });
      const events = await api.database.sql(
        'select kind, actor_id, actor_key_id from api_key_events where api_key_id = $1 order by at',
        [id],
      );
      expect(events.at(-1)).toEqual({ kind: 'REVOKED', actor_id: null, actor_key_id: id });
    });

    it('a key that revokes itself twice in one operation gets the same answer twice', async () => {
      const { id, secret } = await api.given.apiKey();
      const one = 'revokeCurrentApiKey { apiKey { id version revokedAt } }';
      const answer = await api.query(`mutation { one: ${one} two: ${one} }`, { key: secret });
      expect(answer.at('two')).toEqual(answer.at('one'));
      expect(answer.at('one.apiKey')).toMatchObject({ id, version: 2 });
    });

    it('a session cannot use revokeCurrentApiKey', async () => {
      const { session } = await api.given.user();
      const answer = await askKeys(api, 'revokeCurrentApiKey', {}, { session });
      expect([answer.status, answer.code, answer.reason]).toEqual([403, 'FORBIDDEN', 'KEY_REQUIRED']);
    });
  });
});
