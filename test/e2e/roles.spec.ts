import type { UserRole } from '#access';
import { PORTAL_ACCESS } from '../../apps/portal/src/portal.access.js';
import { TenancyAdministration } from '#tenancy';
import type { Answer } from '../support/answer.js';
import { ALL_SCOPES, createKey, type GivenTenant } from '../support/given.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';
import { REVOCATION_BOUND_MS } from '../support/durations.js';

const WHO = `{ viewer { kind scopes tenant { id } user { role } } }`;
const READING = ['alerts:read', 'config:read', 'devices:read'];
const OPERATING = [...READING, 'config:write', 'devices:write', 'firmware:write'].sort();
const ADMINISTERING = [...OPERATING, 'keys:verify'].sort();
/** The contract fixes what each role opens of these. Scopes of further rooms are the catalogue's own. */
const FIXED = new Set(ADMINISTERING);
const NOWHERE = '00000000-0000-4000-8000-000000000000';

describe('roles', () => {
  let api: TestPortal;
  let administration: TenancyAdministration;
  usePortal(async (started) => {
    api = started;
    administration = api.app.get(TenancyAdministration, { strict: false });
  });

  const scopesOf = async (key: string) => (await api.query(WHO, { key })).at<string[]>('viewer.scopes');
  /** What `ask` answers once the change has reached this instance. */
  const becomes = async <Value>(ask: () => Promise<Value>, expected: Value): Promise<void> => {
    const deadline = performance.now() + REVOCATION_BOUND_MS;
    let value = await ask();
    while (JSON.stringify(value) !== JSON.stringify(expected) && performance.now() < deadline) value = await ask();
    expect(value).toEqual(expected);
  };
  const reasonOf = (key: string) => async () => (await api.query(WHO, { key })).reason;
  const ownedKey = async (role: UserRole, tenant: GivenTenant) => {
    const owner = await api.given.user({ tenant, role });
    const scopes = role === 'VIEWER' ? READING : OPERATING;
    return { owner, ...(await api.given.apiKey({ tenant, owner, scopes })) };
  };

  it.each<[UserRole, string[]]>([
    ['VIEWER', READING],
    ['OPERATOR', OPERATING],
    ['TENANT_ADMIN', ADMINISTERING],
    ['SUPER_ADMIN', ADMINISTERING],
  ])('the role %s opens %p to a session', async (role, expected) => {
    const { session } = await api.given.user({ role });
    const scopes = (await api.query(WHO, { session })).at<string[]>('viewer.scopes');
    expect(scopes.filter((scope) => FIXED.has(scope))).toEqual(expected);
    expect(scopes).toEqual([...PORTAL_ACCESS.roleScopes[role]].sort());
  });

  it('apiScopes lists each scope with what the scope opens and who may grant it', async () => {
    const ask = async (credential: { session?: string; key?: string }) => {
      const answer = await api.query('{ apiScopes { name grantedTo opens grantableByMe } }', credential);
      return answer.at<{ name: string; grantedTo: string[]; opens: string[]; grantableByMe: boolean }[]>('apiScopes');
    };
    const { secret, admin } = await api.given.apiKey();
    const shown = new Map((await ask({ session: admin.session })).map((scope) => [scope.name, scope]));
    expect([...shown.keys()]).toEqual(ALL_SCOPES);
    expect(shown.get('devices:read')?.grantedTo).toEqual(['SUPER_ADMIN', 'TENANT_ADMIN', 'OPERATOR', 'VIEWER']);
    expect(shown.get('devices:write')).toMatchObject({
      opens: ['Mutation.createDevice', 'Mutation.deleteDevice', 'Mutation.updateDevice'],
      grantedTo: ['SUPER_ADMIN', 'TENANT_ADMIN', 'OPERATOR'],
    });
    expect(shown.get('keys:verify')).toMatchObject({
      opens: ['POST /keys/verify'],
      grantedTo: ['SUPER_ADMIN', 'TENANT_ADMIN'],
    });
    expect(shown.get('devices:read')?.opens).toEqual(expect.arrayContaining(['Query.devices', 'Alert.device']));
    expect([...shown.values()].every(({ grantableByMe }) => grantableByMe)).toBe(true);
    const operator = await api.given.user({ role: 'OPERATOR' });
    for (const credential of [{ key: secret }, { session: operator.session }])
      expect((await ask(credential)).some(({ grantableByMe }) => grantableByMe)).toBe(false);
  });

  it('a lower role of the owner cuts a key down at once, and a higher role gives back what was granted', async () => {
    const tenant = await api.given.tenant();
    const { secret, owner } = await ownedKey('OPERATOR', tenant);
    expect(await scopesOf(secret)).toEqual(OPERATING);
    await administration.changeUser(owner.email, { role: 'VIEWER' });
    await becomes(() => scopesOf(secret), READING);
    const refused = await api.query('mutation { deleteDevice(id: "x") { id } }', { key: secret });
    expect(refused.errors[0]?.extensions).toMatchObject({ reason: 'MISSING_SCOPE', grantedScopes: READING });
    await administration.changeUser(owner.email, { role: 'TENANT_ADMIN' });
    await becomes(() => scopesOf(secret), OPERATING);
  });

  it('a higher role of the owner opens no more than the key was granted', async () => {
    const { secret, owner } = await ownedKey('VIEWER', await api.given.tenant());
    await administration.changeUser(owner.email, { role: 'TENANT_ADMIN' });
    expect(await scopesOf(secret)).toEqual(READING);
  });

  it('a deactivated owner stops key and session at once, and an activated owner starts them', async () => {
    const { secret, owner } = await ownedKey('OPERATOR', await api.given.tenant());
    expect((await api.query(WHO, { session: owner.session })).status).toBe(200);
    await administration.changeUser(owner.email, { isActive: false });
    await becomes(reasonOf(secret), 'OWNER_INACTIVE');
    expect((await api.query(WHO, { session: owner.session })).reason).toBe('INVALID_SESSION');
    await administration.changeUser(owner.email, { isActive: true });
    await becomes(reasonOf(secret), undefined);
    expect((await api.query(WHO, { session: owner.session })).status).toBe(200);
  });

  it('a suspended tenant stops every key and session at once, and a resumed tenant starts them', async () => {
    const tenant = await api.given.tenant();
    const { secret, owner } = await ownedKey('OPERATOR', tenant);
    const platform = await api.given.user({ role: 'SUPER_ADMIN' });
    await administration.setSuspended(tenant.id, true);
    await becomes(reasonOf(secret), 'TENANT_SUSPENDED');
    expect((await api.query(WHO, { session: owner.session })).reason).toBe('INVALID_SESSION');
    const named = await api.query(WHO, { session: platform.session, headers: { 'x-tenant-id': tenant.id } });
    // A super admin may go in: who else could look after its keys?
    expect(named.status).toBe(200);
    await administration.setSuspended(tenant.id, false);
    await becomes(reasonOf(secret), undefined);
  });

  it('a user who moved has the role in the new tenant, and the keys in the old tenant stop', async () => {
    const [from, to] = [await api.given.tenant(), await api.given.tenant()];
    const { secret, owner } = await ownedKey('OPERATOR', from);
    await api.query(WHO, { session: owner.session });
    await api.database.sql('update users set tenant_id = $2 where id = $1', [owner.id, to.id]);
    expect((await api.query(WHO, { session: owner.session })).at('viewer.tenant.id')).toBe(to.id);
    await becomes(reasonOf(secret), 'OWNER_INACTIVE');
  });

  it('a deleted user or tenant opens nothing', async () => {
    const user = await api.given.user();
    await api.query(WHO, { session: user.session });
    await api.database.sql('delete from users where id = $1', [user.id]);
    expect((await api.query(WHO, { session: user.session })).reason).toBe('INVALID_SESSION');
    const other = await api.given.user();
    await api.query(WHO, { session: other.session });
    await api.database.sql('delete from tenants where id = $1', [other.tenantId]);
    expect((await api.query(WHO, { session: other.session })).reason).toBe('INVALID_SESSION');
  });

  it('the role of the owner limits what may be granted: the error names every scope beyond it', async () => {
    const tenant = await api.given.tenant();
    const { session } = await api.given.admin(tenant);
    const viewer = await api.given.user({ tenant, role: 'VIEWER' });
    const scopes = ['devices:read', 'devices:write', 'config:write', 'alerts:read', 'firmware:write'];
    const answer = await api.query(createKey('effectiveScopes'), {
      session,
      variables: { input: { name: 'k', scopes, ownerId: viewer.id } },
    });
    expect(answer.problemCodes).toEqual([
      ['input.scopes.1', 'SCOPE_NOT_GRANTABLE'],
      ['input.scopes.2', 'SCOPE_NOT_GRANTABLE'],
      ['input.scopes.4', 'SCOPE_NOT_GRANTABLE'],
    ]);
    expect(await api.database.sql('select 1 from api_keys where tenant_id = $1', [tenant.id])).toEqual([]);
  });

  describe('role of the platform', () => {
    const outcome = ({ status, reason }: Answer) => [status, reason];

    it('a super admin acts in the tenant that the request names, and in no tenant where it names none', async () => {
      const { session } = await api.given.user({ role: 'SUPER_ADMIN' });
      const { secret, tenant } = await api.given.apiKey();
      const device = await api.given.device({ tenant });
      const list = '{ devices { nodes { hostname } } }';
      const named = await api.query(list, { session, headers: { 'x-tenant-id': tenant.id.toUpperCase() } });
      expect(named.at('devices.nodes')).toEqual([{ hostname: device.hostname }]);
      expect(outcome(await api.query(list, { session }))).toEqual([403, 'TENANT_REQUIRED']);
      expect((await api.query(WHO, { session })).at('viewer.tenant')).toBeNull();
      expect((await api.query(list, { key: secret, headers: { 'x-tenant-id': tenant.id } })).status).toBe(200);
    });

    it.each([
      ['no UUID', 'nonsense'],
      ['empty', ''],
      ['unknown', NOWHERE],
      ['two ids', `${NOWHERE}, ${NOWHERE}`],
    ])('a request is refused where the named tenant is %s, from every kind of caller', async (_, named) => {
      const headers = { 'x-tenant-id': named };
      const { session } = await api.given.user({ role: 'SUPER_ADMIN' });
      const { secret, admin } = await api.given.apiKey();
      for (const credential of [{ session }, { session: admin.session }, { key: secret }])
        expect(outcome(await api.query(WHO, { ...credential, headers }))).toEqual([403, 'WRONG_TENANT']);
    });

    it('only a super admin may name a tenant that is not its own', async () => {
      const foreign = await api.given.tenant();
      const headers = { 'x-tenant-id': foreign.id };
      const { secret, admin } = await api.given.apiKey();
      for (const credential of [{ session: admin.session }, { key: secret }])
        expect(outcome(await api.query(WHO, { ...credential, headers }))).toEqual([403, 'WRONG_TENANT']);
    });
  });
});
