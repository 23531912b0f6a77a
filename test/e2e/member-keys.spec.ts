import { PORTAL_ACCESS } from '../../apps/portal/src/portal.access.js';
import { inDays } from '../support/durations.js';
import type { GivenTenant, GivenUser } from '../support/given.js';
import { usePortal } from '../support/hooks.js';
import { type AnsweredKey, askKeys } from '../support/key-operations.js';
import { askAsAdmin, SET_POLICY } from '../support/key-policy.js';
import { CHANGES_BY_ID, makeOwnKey, setMemberKeys } from '../support/members.js';
import type { TestPortal } from '../support/test-portal.js';

const NOWHERE = '00000000-0000-4000-8000-000000000000';
const DEVICES = '{ devices(first: 1) { nodes { id } } }';

describe('keys of members', () => {
  let api: TestPortal;
  let tenant: GivenTenant;
  let admin: GivenUser;
  let member: GivenUser;
  usePortal((started) => (api = started));
  beforeEach(async () => {
    tenant = await api.given.tenant();
    admin = await api.given.admin(tenant);
    member = await api.given.user({ tenant, role: 'OPERATOR' });
  });

  const ask = (query: string, variables: Record<string, unknown> = {}, by = member) =>
    api.query(query, { session: by.session, variables, headers: { 'x-request-id': 'same' } });
  const create = (input: Record<string, unknown>, by = member) =>
    askKeys(
      api,
      'createApiKey',
      { input: { name: 'own', scopes: ['devices:read'], ...input } },
      { session: by.session },
    );

  it('a member makes no key where the policy names none, which is the default', async () => {
    const answer = await create({});
    expect([answer.status, answer.code, answer.reason]).toEqual([200, 'FORBIDDEN', 'MEMBER_KEYS_OFF']);
    expect(await api.database.sql('select id from api_keys where tenant_id = $1', [tenant.id])).toEqual([]);
  });

  it('a member keeps its key where the policy is NONE again: it may narrow, rotate and end it, and widen nothing', async () => {
    await setMemberKeys(api, tenant, 'ALLOWED');
    const { id, secret } = await makeOwnKey(api, member, { scopes: ['devices:read', 'alerts:read'] });
    await setMemberKeys(api, tenant, 'NONE');
    expect((await api.query(DEVICES, { key: secret })).code).toBeUndefined();
    expect((await ask('{ apiKeys { totalCount nodes { id } } }')).at('apiKeys')).toEqual({
      totalCount: 1,
      nodes: [{ id }],
    });
    const update = (input: Record<string, unknown>) =>
      askKeys(api, 'updateApiKey', { input: { id, ...input } }, { session: member.session });
    expect((await update({ scopes: ['devices:read'] })).code).toBeUndefined();
    expect((await update({ scopes: ['devices:read', 'alerts:read'] })).reason).toBe('MEMBER_KEYS_OFF');
    for (const [operation, variables] of CHANGES_BY_ID)
      expect([operation, (await askKeys(api, operation, variables(id), { session: member.session })).code]).toEqual([
        operation,
        undefined,
      ]);
  });

  it('a member makes a key of its own, within its own role', async () => {
    await setMemberKeys(api, tenant, 'ALLOWED');
    const key = await makeOwnKey(api, member);
    expect(key).toMatchObject({ status: 'ACTIVE', owner: { id: member.id } });
    expect((await api.query(DEVICES, { key: key.secret })).code).toBeUndefined();
    const viewer = await api.given.user({ tenant, role: 'VIEWER' });
    expect((await create({ scopes: ['devices:read', 'devices:write'] }, viewer)).problemCodes).toEqual([
      ['input.scopes.1', 'SCOPE_NOT_GRANTABLE'],
    ]);
    const scopes = await ask('{ apiScopes { name grantableByMe } }', {}, viewer);
    const grantable = scopes.at<{ name: string; grantableByMe: boolean }[]>('apiScopes').filter((s) => s.grantableByMe);
    expect(grantable.map(({ name }) => name).toSorted()).toEqual([...PORTAL_ACCESS.roleScopes.VIEWER].toSorted());
  });

  it('a member makes no key for another user of any role', async () => {
    await setMemberKeys(api, tenant, 'ALLOWED');
    expect((await create({ ownerId: member.id })).at('createApiKey.apiKey.owner.id')).toBe(member.id);
    const [theirs, none] = [await create({ ownerId: admin.id }), await create({ ownerId: NOWHERE })];
    expect([theirs.status, theirs.code, theirs.errors]).toEqual([200, 'NOT_FOUND', none.errors]);
  });

  it("a member's keys count towards the policy's keys per owner", async () => {
    await askAsAdmin(api, tenant, SET_POLICY, { input: { memberKeys: 'ALLOWED', maxKeysPerOwner: 1 } });
    await makeOwnKey(api, member);
    expect((await create({})).problemCodes).toEqual([['input.ownerId', 'POLICY_VIOLATION', 'maxKeysPerOwner']]);
    await makeOwnKey(api, await api.given.user({ tenant, role: 'VIEWER' }));
  });

  it('a member may widen its own key where the policy is ALLOWED, and not beyond its role', async () => {
    await setMemberKeys(api, tenant, 'ALLOWED');
    const { id } = await makeOwnKey(api, member, { expiresAt: inDays(1), allowedCidrs: ['10.0.0.0/8'] });
    const update = (input: Record<string, unknown>) =>
      askKeys(api, 'updateApiKey', { input: { id, ...input } }, { session: member.session });
    const wider = { scopes: ['devices:read', 'config:write'], expiresAt: null, allowedCidrs: [] };
    expect((await update(wider)).at<AnsweredKey>('updateApiKey.apiKey')).toMatchObject({
      scopes: wider.scopes,
      expiresAt: null,
    });
    await api.database.sql(`update users set role = 'VIEWER' where id = $1`, [member.id]);
    expect((await update({ scopes: ['devices:read', 'config:write', 'alerts:read'] })).problemCodes).toEqual([
      ['input.scopes.1', 'SCOPE_NOT_GRANTABLE'],
    ]);
  });

  it('a key that an admin has suspended is resumed by an admin only, and a key that its owner has suspended by either', async () => {
    await setMemberKeys(api, tenant, 'ALLOWED');
    const { id } = await makeOwnKey(api, member);
    const act = (operation: 'suspendApiKey' | 'resumeApiKey', by: GivenUser) =>
      askKeys(api, operation, { id }, { session: by.session });
    expect((await act('suspendApiKey', member)).at('suspendApiKey.apiKey.status')).toBe('SUSPENDED');
    expect((await act('resumeApiKey', member)).at('resumeApiKey.apiKey.status')).toBe('ACTIVE');
    await act('suspendApiKey', member);
    expect((await act('resumeApiKey', admin)).at('resumeApiKey.apiKey.status')).toBe('ACTIVE');
    await act('suspendApiKey', admin);
    await act('suspendApiKey', member);
    const refused = await act('resumeApiKey', member);
    expect([refused.status, refused.code, refused.reason]).toEqual([200, 'FORBIDDEN', 'ROLE_REQUIRED']);
    expect((await act('resumeApiKey', admin)).code).toBeUndefined();
    await act('suspendApiKey', member);
    await act('suspendApiKey', admin);
    expect((await act('resumeApiKey', member)).reason).toBe('ROLE_REQUIRED');
  });

  it('a change by a member is checked again in the transaction: a deactivated member changes nothing', async () => {
    await setMemberKeys(api, tenant, 'ALLOWED');
    const { id } = await makeOwnKey(api, member);
    const { change } = await api.database.holding(`select from api_keys where id = '${id}' for update`, async () => {
      const change = askKeys(api, 'suspendApiKey', { id }, { session: member.session });
      await api.database.someoneWaits();
      await api.database.sql('update users set is_active = false where id = $1', [member.id]);
      return { change };
    });
    const { code, reason } = await change;
    expect([code, reason]).toEqual(['UNAUTHENTICATED', 'INVALID_SESSION']);
    expect(await api.database.sql('select from api_keys where id = $1 and suspended_at is null', [id])).toHaveLength(1);
  });

  it('a creation of a member is made once for an idempotency key, even when the first key now belongs to another user', async () => {
    await setMemberKeys(api, tenant, 'ALLOWED');
    const first = await create({ idempotencyKey: 'once' });
    const again = await create({ idempotencyKey: 'once' });
    expect([again.at('createApiKey.apiKey.id'), again.at('createApiKey.secret')]).toEqual([
      first.at('createApiKey.apiKey.id'),
      null,
    ]);
    const id = first.at<string>('createApiKey.apiKey.id');
    await askKeys(api, 'transferApiKey', { id, ownerId: admin.id }, { session: admin.session });
    const other = await create({ idempotencyKey: 'once' });
    expect(other.at('createApiKey.apiKey.id')).not.toBe(id);
  });
});
