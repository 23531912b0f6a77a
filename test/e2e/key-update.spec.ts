import type { GivenKey } from '../support/given.js';
import { askKeys, EVIDENCE, keyIn } from '../support/key-operations.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';
import { inDays, inSeconds } from '../support/durations.js';

describe('key update', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  const update = (key: GivenKey, input: Record<string, unknown>, session = key.admin.session) =>
    askKeys(api, 'updateApiKey', { input: { id: key.id, ...input } }, { session });
  const evidence = async (key: GivenKey) => (await api.database.sql<{ events: number }>(EVIDENCE, [key.id]))[0];
  const lastChanges = async (key: GivenKey) => {
    const sql = 'select changes from api_key_events where api_key_id = $1 order by at desc limit 1';
    return (await api.database.sql<{ changes: Record<string, unknown> }>(sql, [key.id]))[0]?.changes;
  };

  it('updating a key changes what was sent, keeps the rest, and records old and new values', async () => {
    const key = await api.given.apiKey({ description: 'old', metadata: { a: 1 } });
    const { description, name, version } = keyIn(await update(key, { name: ' fresh ' }), 'updateApiKey');
    expect([name, description, version]).toEqual(['fresh', 'old', 2]);
    expect(await lastChanges(key)).toEqual({ name: { old: 'given', new: 'fresh' } });
  });

  it('updating a key clears members by null where null is allowed', async () => {
    const key = await api.given.apiKey({ description: 'old', metadata: { a: 1 }, expiresAt: inDays(1) });
    const cleared = keyIn(await update(key, { description: null, metadata: null, expiresAt: null }), 'updateApiKey');
    expect([cleared.description, cleared.expiresAt, cleared.version]).toEqual([null, null, 2]);
    expect(await lastChanges(key)).toMatchObject({ metadata: { old: { a: 1 }, new: {} } });
  });

  it.each([
    ['name: null (D60)', { name: null }, [{ path: ['input', 'name'], code: 'REQUIRED' }]],
    ['scopes: null', { scopes: null }, [{ path: ['input', 'scopes'], code: 'REQUIRED' }]],
    ['an empty name', { name: ' ' }, [{ path: ['input', 'name'], code: 'TOO_SHORT' }]],
    ['no scope', { scopes: [] }, [{ path: ['input', 'scopes'], code: 'TOO_SHORT' }]],
    [
      'a scope twice',
      { scopes: ['devices:read', 'devices:read'] },
      [{ path: ['input', 'scopes', 1], code: 'DUPLICATE' }],
    ],
    [
      'an unknown scope and an expiry too near',
      {
        scopes: ['devices:reed'],
        // Read when the key is updated: an instant from the loading of this file might lie in the past by then.
        get expiresAt() {
          return inSeconds(30);
        },
      },
      [
        { path: ['input', 'expiresAt'], code: 'NOT_IN_FUTURE' },
        { path: ['input', 'scopes', 0], code: 'UNKNOWN_SCOPE' },
      ],
    ],
    ['an expiry beyond ten years', { expiresAt: inDays(11 * 365) }, [{ code: 'OUT_OF_RANGE' }]],
    ['a network that is none', { allowedCidrs: ['10.0.0.1/8'] }, [{ path: ['input', 'allowedCidrs', 0] }]],
    ['a rate of nothing', { rateLimit: { limit: 0, windowSeconds: 1 } }, [{ path: ['input', 'rateLimit', 'limit'] }]],
    ['metadata with an empty key', { metadata: { '': 1 } }, [{ path: ['input', 'metadata'], code: 'MALFORMED' }]],
  ])('updating a key refuses %s and changes nothing', async (_, input, problems) => {
    const key = await api.given.apiKey();
    const before = await evidence(key);
    const answer = await update(key, input);
    expect([answer.status, answer.code]).toEqual([200, 'BAD_USER_INPUT']);
    expect(answer.problems).toMatchObject(problems);
    expect(await evidence(key)).toEqual(before);
  });

  it('an update that changes nothing keeps the version and writes nothing', async () => {
    const expiresAt = inSeconds(61);
    const key = await api.given.apiKey({ description: 'same', metadata: { a: [1, { b: 2 }] }, expiresAt });
    await api.database.sql(`update api_keys set expires_at = now() + interval '20 s' where id = $1`, [key.id]);
    const { expiresAt: near } = keyIn(await askKeys(api, 'apiKey', { id: key.id }, key.admin), 'apiKey');
    const before = await evidence(key);
    const input = { name: 'given', description: 'same', metadata: { a: [1, { b: 2 }] }, expiresAt: near };
    expect(keyIn(await update(key, input), 'updateApiKey').version).toBe(1);
    // The same, written into the document, where it has a variable that is not given.
    const literal = `mutation ($none: String) {
      updateApiKey(input: { id: "${key.id}", metadata: { a: [1, { b: 2, c: $none }] } }) { apiKey { version } } }`;
    const { session } = key.admin;
    expect((await api.query(literal, { session })).at('updateApiKey.apiKey.version')).toBe(1);
    expect(await evidence(key)).toEqual(before);
  });

  it('updating a key expects the version that the caller has seen, if the caller sends one', async () => {
    const key = await api.given.apiKey();
    await update(key, { name: 'two', expectedVersion: 1 });
    const stale = await update(key, { name: 'three', expectedVersion: 1 });
    expect([stale.status, stale.code, stale.reason]).toEqual([200, 'CONFLICT', 'VERSION_MISMATCH']);
    expect(stale.errors[0]?.extensions['currentVersion']).toBe(2);
    expect(keyIn(await askKeys(api, 'apiKey', { id: key.id }, key.admin), 'apiKey').name).toBe('two');
  });

  describe('owner whose role opens less than the scopes of the key', () => {
    const given = async () => {
      const owner = await api.given.user({ role: 'OPERATOR' });
      const tenant = { id: String(owner.tenantId), name: '' };
      const key = await api.given.apiKey({ tenant, owner, scopes: ['devices:read', 'devices:write', 'config:write'] });
      await api.database.sql(`update users set role = 'VIEWER' where id = $1`, [owner.id]);
      return key;
    };

    it('scopes can be removed from a key whose owner lost authority', async () => {
      const key = await given();
      const { scopes, effectiveScopes } = keyIn(
        await update(key, { scopes: ['devices:write', 'devices:read'] }),
        'updateApiKey',
      );
      expect([scopes, effectiveScopes]).toEqual([['devices:write', 'devices:read'], ['devices:read']]);
    });

    it("a scope cannot be added to a key while another of its scopes is beyond its owner's role", async () => {
      const key = await given();
      const before = await evidence(key);
      const answer = await update(key, { scopes: ['devices:write', 'alerts:read'] });
      expect(answer.problems).toMatchObject([{ path: ['input', 'scopes', 0], code: 'SCOPE_NOT_GRANTABLE' }]);
      expect(await evidence(key)).toEqual(before);
    });

    it("all scopes are held to the owner's role when a key is to live longer, and none when it is to live shorter", async () => {
      const key = await given();
      await api.database.sql(`update api_keys set expires_at = now() + interval '30 days' where id = $1`, [key.id]);
      for (const expiresAt of [inDays(60), null])
        expect((await update(key, { expiresAt })).problems).toMatchObject([
          { path: ['input', 'scopes', 1], code: 'SCOPE_NOT_GRANTABLE' },
          { path: ['input', 'scopes', 2], code: 'SCOPE_NOT_GRANTABLE' },
        ]);
      expect((await update(key, { expiresAt: inDays(1) })).code).toBeUndefined();
    });

    it("all scopes are held to the owner's role when an expired key is to be revived", async () => {
      const key = await given();
      await api.database.sql('update api_keys set expires_at = now() where id = $1', [key.id]);
      const refused = await update(key, { expiresAt: inDays(1) });
      expect(refused.problems).toMatchObject([
        { path: ['input', 'scopes', 1], code: 'SCOPE_NOT_GRANTABLE' },
        { path: ['input', 'scopes', 2], code: 'SCOPE_NOT_GRANTABLE' },
      ]);
      const revived = await update(key, { expiresAt: inDays(1), scopes: ['devices:read'] });
      expect(keyIn(revived, 'updateApiKey').status).toBe('ACTIVE');
    });
  });
});
