import type { TestPortal } from '../support/test-portal.js';
import type { GivenDevice, GivenKey, GivenTenant, GivenUser } from '../support/given.js';
import { usePortal } from '../support/hooks.js';

const NOWHERE = '00000000-0000-4000-8000-000000000000';

describe('tenant isolation', () => {
  let api: TestPortal;
  let own: GivenTenant;
  let admin: GivenUser;
  let foreign: { key: GivenKey; device: GivenDevice };
  usePortal(async (started) => {
    api = started;
    own = await api.given.tenant();
    admin = await api.given.admin(own);
    const key = await api.given.apiKey();
    foreign = { key, device: await api.given.device({ tenant: key.tenant }) };
    await api.given.apiKey({ tenant: own });
    await api.given.device({ tenant: own });
  });

  const ask = (query: string, variables: Record<string, unknown>) =>
    api.query(query, { session: admin.session, variables, headers: { 'x-request-id': 'same' } });

  it.each([
    ['key', 'query ($id: ID!) { apiKey(id: $id) { id } }', () => foreign.key.id],
    ['device', 'query ($id: ID!) { device(id: $id) { id } }', () => foreign.device.id],
  ])('a tenant reads null for the %s of another, as for an unknown id', async (_, query, foreignId) => {
    const [theirs, none] = [await ask(query, { id: foreignId() }), await ask(query, { id: NOWHERE })];
    expect(theirs.text).toBe(none.text);
    expect(Object.values(theirs.data)).toEqual([null]);
  });

  it.each([
    ['revoke a key', 'mutation ($id: ID!) { revokeApiKeys(input: { ids: [$id] }) { count } }', () => foreign.key.id],
    [
      'revoke all keys of an owner',
      'mutation ($id: ID!) { revokeApiKeys(input: { ownerId: $id }) { count } }',
      () => foreign.key.admin.id,
    ],
    [
      'make a key for an owner',
      'mutation ($id: ID!) { createApiKey(input: { name: "x", scopes: ["devices:read"], ownerId: $id }) { secret } }',
      () => foreign.key.admin.id,
    ],
    [
      'change a device',
      'mutation ($id: ID!) { updateDevice(input: { id: $id, model: "x" }) { device { id } } }',
      () => foreign.device.id,
    ],
    ['delete a device', 'mutation ($id: ID!) { deleteDevice(id: $id) { id } }', () => foreign.device.id],
  ])(
    'a tenant cannot %s of another, and gets the same answer as for one that does not exist',
    async (_, mutation, foreignId) => {
      const before = await everything();
      const [theirs, none] = [await ask(mutation, { id: foreignId() }), await ask(mutation, { id: NOWHERE })];
      expect([theirs.status, theirs.code]).toEqual([200, 'NOT_FOUND']);
      expect(theirs.text).toBe(none.text);
      expect(await everything()).toEqual(before);
    },
  );

  it('a tenant revokes none of several keys when one of them belongs to another tenant', async () => {
    const mine = await api.given.apiKey({ tenant: own });
    const mutation = 'mutation ($ids: [ID!]) { revokeApiKeys(input: { ids: $ids }) { count } }';
    const answer = await ask(mutation, { ids: [mine.id, foreign.key.id] });
    expect(answer.code).toBe('NOT_FOUND');
    const live = await api.database.sql('select id from api_keys where id = $1 and revoked_at is null', [mine.id]);
    expect(live).toHaveLength(1);
  });

  it('a tenant sees only its own rows in lists and counts', async () => {
    const empty = await api.given.user();
    const lists = await api.query('{ devices { totalCount nodes { id } } apiKeys { totalCount nodes { id } } }', {
      session: empty.session,
    });
    const nothing = { totalCount: 0, nodes: [] };
    expect(lists.data).toEqual({ devices: nothing, apiKeys: nothing });
  });

  it('a tenant may have a device with the hostname of a device of another tenant', async () => {
    const device = await api.given.device({ tenant: own, hostname: foreign.device.hostname });
    expect(device.hostname).toBe(foreign.device.hostname);
  });

  it.each(['tenants', 'users', 'api_keys', 'devices'])(
    'in %s, a tenant sees by raw SQL only its own rows, and a session without a tenant sees none',
    async (table) => {
      const count = `select count(*)::int as n from ${table}`;
      const [all] = await api.database.sql<{ n: number }>(count);
      const bound = (tenant: string | undefined) => api.database.sqlAs<{ n: number }>('portal_app', tenant, count);
      expect(all?.n).toBeGreaterThan(0);
      expect(await bound(undefined)).toEqual([{ n: 0 }]);
      expect(await bound('')).toEqual([{ n: 0 }]);
      const [theirs] = await bound(foreign.key.tenant.id);
      expect(theirs?.n).toBeGreaterThan(0);
      expect(theirs?.n).toBeLessThan(Number(all?.n));
    },
  );

  it.each(['super_admin', '*', "' or true --"])(
    'row level security cannot be opened by the setting %j',
    async (setting) => {
      await expect(api.database.sqlAs('portal_app', setting, 'select * from devices')).rejects.toThrow(/uuid/);
    },
  );

  async function everything(): Promise<unknown[]> {
    const hash = (table: string) => `select md5(string_agg(t::text, ',' order by t.id)) from ${table} t`;
    return Promise.all(['api_keys', 'devices', 'users', 'tenants'].map((table) => api.database.sql(hash(table))));
  }
});
