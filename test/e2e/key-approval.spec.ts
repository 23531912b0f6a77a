import { REQUESTED_SCOPES, useApprovals } from '../support/approvals.js';
import { inDays } from '../support/durations.js';
import type { GivenTenant, GivenUser } from '../support/given.js';
import { type AnsweredKey, askKeys, EVIDENCE, keyIn } from '../support/key-operations.js';
import { askAsAdmin, SET_POLICY } from '../support/key-policy.js';
import { approve, makeOwnKey } from '../support/members.js';
import type { TestPortal } from '../support/test-portal.js';

describe('approval of keys', () => {
  let api: TestPortal;
  let tenant: GivenTenant;
  let admin: GivenUser;
  let member: GivenUser;
  const { asAdmin, asMember, request, update, use } = useApprovals(
    (portal) => ({ api, tenant, admin, member } = portal),
  );
  const eventsOf = async (id: string) =>
    (
      await api.database.sql<{ kind: string }>('select kind from api_key_events where api_key_id = $1 order by at', [
        id,
      ])
    ).map(({ kind }) => kind);

  it('a pending key shows its secret once and opens nothing; once approved it works on the next request', async () => {
    const key = await request({ reason: 'Nightly inventory' });
    expect(key).toMatchObject({ status: 'PENDING', version: 1 });
    const refused = await use(key.secret);
    expect([refused.status, refused.code, refused.reason]).toEqual([401, 'UNAUTHENTICATED', 'PENDING_KEY']);
    const approved = await approve(api, admin, key);
    expect(approved.at<AnsweredKey>('approveApiKey.apiKey')).toMatchObject({
      status: 'ACTIVE',
      version: 2,
      scopes: REQUESTED_SCOPES,
    });
    expect((await use(key.secret)).code).toBeUndefined();
    const shown = await api.query(
      `query ($id: ID!) { apiKey(id: $id) { requestReason approvedAt approvedBy { id } effectiveExpiresAt } }`,
      { ...asMember, variables: { id: key.id } },
    );
    expect(shown.at('apiKey')).toEqual({
      requestReason: 'Nightly inventory',
      approvedAt: expect.any(String),
      approvedBy: { id: admin.id },
      effectiveExpiresAt: null,
    });
    expect(await eventsOf(key.id)).toEqual(['CREATED', 'APPROVED']);
  });

  it("an admin's own key needs no approval, and neither does one that an admin makes for a member", async () => {
    const [own, theirs] = [
      await makeOwnKey(api, admin, { reason: 'x' }),
      await makeOwnKey(api, admin, { ownerId: member.id }),
    ];
    expect([own.status, theirs.status]).toEqual(['ACTIVE', 'ACTIVE']);
    const shown = await api.query('query ($id: ID!) { apiKey(id: $id) { requestReason } }', {
      ...asAdmin,
      variables: { id: own.id },
    });
    expect(shown.at('apiKey.requestReason')).toBeNull();
  });

  it('a key is approved with less than was requested, and never with more', async () => {
    const key = await request({ expiresAt: inDays(30), allowedCidrs: ['10.0.0.0/8'] });
    const wider = await approve(api, admin, key, {
      scopes: [...REQUESTED_SCOPES, 'config:read'],
      expiresAt: inDays(31),
      allowedCidrs: ['10.1.0.0/16', '192.168.0.0/16'],
    });
    expect(wider.problemCodes).toEqual([
      ['input.scopes', 'OUT_OF_RANGE'],
      ['input.expiresAt', 'OUT_OF_RANGE'],
      ['input.allowedCidrs', 'OUT_OF_RANGE'],
    ]);
    expect((await approve(api, admin, key, { allowedCidrs: [] })).problemCodes).toEqual([
      ['input.allowedCidrs', 'OUT_OF_RANGE'],
    ]);
    expect((await use(key.secret)).reason).toBe('PENDING_KEY');
    const narrowed = { scopes: ['devices:read'], expiresAt: inDays(1), allowedCidrs: ['127.0.0.0/8'] };
    expect((await approve(api, admin, key, narrowed)).problemCodes).toEqual([['input.allowedCidrs', 'OUT_OF_RANGE']]);
    const answer = await approve(api, admin, key, { ...narrowed, allowedCidrs: ['10.1.0.0/16'] });
    expect(answer.at<AnsweredKey>('approveApiKey.apiKey')).toMatchObject({ scopes: ['devices:read'], version: 2 });
    expect((await use(key.secret)).reason).toBe('IP_NOT_ALLOWED');
  });

  it('a request that changed after an admin saw it is not approved', async () => {
    const key = await request();
    const changed = await update(key.id, { scopes: [...REQUESTED_SCOPES, 'config:write'] });
    expect(changed.at<AnsweredKey>('updateApiKey.apiKey')).toMatchObject({ status: 'PENDING', version: 2 });
    const stale = await approve(api, admin, key);
    expect([stale.code, stale.reason, stale.errors[0]?.extensions['currentVersion']]).toEqual([
      'CONFLICT',
      'VERSION_MISMATCH',
      2,
    ]);
    expect((await use(key.secret)).reason).toBe('PENDING_KEY');
    expect((await approve(api, admin, { ...key, version: 2 })).code).toBeUndefined();
  });

  it('a repeated approval changes nothing, and an approval with other terms is a conflict', async () => {
    const key = await request();
    await approve(api, admin, key, { scopes: ['devices:read'] });
    const before = await api.database.sql(EVIDENCE, [key.id]);
    for (const narrowed of [{ scopes: ['devices:read'] }, {}])
      expect((await approve(api, admin, key, narrowed)).at('approveApiKey.apiKey.version')).toBe(2);
    expect((await approve(api, admin, key, { scopes: ['alerts:read'] })).reason).toBe('VERSION_MISMATCH');
    expect(await api.database.sql(EVIDENCE, [key.id])).toEqual(before);
  });

  it('an approval needs the authority that making the key needs at the time of the approval', async () => {
    const key = await request();
    await askAsAdmin(api, tenant, SET_POLICY, { input: { allowedScopes: ['devices:read'], requireExpiry: true } });
    expect((await approve(api, admin, key)).problemCodes).toEqual([
      ['input.expiresAt', 'POLICY_VIOLATION', 'requireExpiry'],
      ['input.scopes.1', 'POLICY_VIOLATION', 'allowedScopes'],
    ]);
    const narrowed = { scopes: ['devices:read'], expiresAt: inDays(1) };
    expect((await approve(api, admin, key, narrowed)).code).toBeUndefined();
    await askAsAdmin(api, tenant, SET_POLICY, { input: { allowedScopes: null, requireExpiry: false } });
    const other = await request({ scopes: ['devices:write', 'devices:read'] });
    await api.database.sql(`update users set role = 'VIEWER' where id = $1`, [member.id]);
    expect((await approve(api, admin, other)).problemCodes).toEqual([['input.scopes.0', 'SCOPE_NOT_GRANTABLE']]);
    await api.database.sql(`update users set role = 'OPERATOR' where id = $1`, [member.id]);
  });

  it('a rejected key has ended for good, and its maker sees the note', async () => {
    const key = await request();
    const answer = await askKeys(api, 'rejectApiKey', { id: key.id, note: 'Use the shared one' }, asAdmin);
    expect(keyIn(answer, 'rejectApiKey')).toMatchObject({ status: 'REVOKED', version: 2 });
    expect((await use(key.secret)).reason).toBe('REVOKED_KEY');
    const shown = await api.query(
      'query ($id: ID!) { apiKey(id: $id) { revocationNote revokedBy { id } approvedAt } }',
      {
        ...asMember,
        variables: { id: key.id },
      },
    );
    expect(shown.at('apiKey')).toEqual({
      revocationNote: 'Use the shared one',
      revokedBy: { id: admin.id },
      approvedAt: null,
    });
    expect(await eventsOf(key.id)).toEqual(['CREATED', 'REJECTED']);
    for (const again of [await approve(api, admin, key), await askKeys(api, 'rejectApiKey', { id: key.id }, asAdmin)])
      expect([again.code, again.reason, again.errors[0]?.extensions['status']]).toEqual([
        'CONFLICT',
        'INVALID_STATE',
        'REVOKED',
      ]);
  });

  it('a key that needed no approval can be neither approved nor rejected', async () => {
    const key = await makeOwnKey(api, admin);
    expect((await approve(api, admin, key)).reason).toBe('INVALID_STATE');
    expect((await askKeys(api, 'rejectApiKey', { id: key.id }, asAdmin)).reason).toBe('INVALID_STATE');
  });

  it('an approved key may be narrowed by its owner, and widened only by another request', async () => {
    const rateLimit = { limit: 60, windowSeconds: 60 };
    const key = await request({ expiresAt: inDays(10), allowedCidrs: ['127.0.0.0/8', '10.0.0.0/8'], rateLimit });
    await approve(api, admin, key);
    for (const wider of [
      { scopes: [...REQUESTED_SCOPES, 'config:read'] },
      { expiresAt: inDays(11) },
      { expiresAt: null },
      { allowedCidrs: [] },
      { allowedCidrs: ['0.0.0.0/0'] },
      { rateLimit: null },
      { rateLimit: { limit: 61, windowSeconds: 3_600 } },
      { rateLimit: { limit: 60, windowSeconds: 59 } },
    ]) {
      const answer = await update(key.id, wider);
      expect([answer.status, answer.code, answer.reason]).toEqual([200, 'CONFLICT', 'APPROVAL_REQUIRED']);
    }
    const narrower = { name: 'less', scopes: ['devices:read'], expiresAt: inDays(9), allowedCidrs: ['127.0.0.1/32'] };
    const slower = { rateLimit: { limit: 30, windowSeconds: 30 } };
    expect((await update(key.id, { ...narrower, ...slower })).at('updateApiKey.apiKey.status')).toBe('ACTIVE');
    expect((await update(key.id, { scopes: REQUESTED_SCOPES }, asAdmin)).code).toBeUndefined();
    await api.database.sql(`update api_keys set expires_at = now() - interval '1 minute' where id = $1`, [key.id]);
    expect((await update(key.id, { expiresAt: inDays(1) })).reason).toBe('APPROVAL_REQUIRED');
  });

  it('a malformed answer to a request is refused, and the error names each problem', async () => {
    expect((await approve(api, admin, { id: 'x', version: 1 }, { allowedCidrs: ['10.0.0.1/8'] })).problemCodes).toEqual(
      [
        ['input.id', 'MALFORMED'],
        ['input.allowedCidrs.0', 'MALFORMED'],
      ],
    );
    expect((await askKeys(api, 'rejectApiKey', { id: 'x', note: 'n'.repeat(2_001) }, asAdmin)).problemCodes).toEqual([
      ['id', 'MALFORMED'],
      ['note', 'TOO_LONG'],
    ]);
    const long = await askKeys(
      api,
      'createApiKey',
      { input: { name: 'x', scopes: REQUESTED_SCOPES, reason: 'n'.repeat(2_001) } },
      asMember,
    );
    expect(long.problemCodes).toEqual([['input.reason', 'TOO_LONG']]);
    const foreign = await api.given.apiKey();
    expect((await approve(api, admin, { id: foreign.id, version: 1 })).code).toBe('NOT_FOUND');
    for (const answer of [
      await approve(api, member, { id: foreign.id, version: 1 }),
      await askKeys(api, 'rejectApiKey', { id: foreign.id }, asMember),
    ])
      expect([answer.status, answer.reason]).toEqual([403, 'ROLE_REQUIRED']);
  });
});
