import type { Answer } from '../support/answer.js';
import type { GivenTenant, GivenUser } from '../support/given.js';
import { usePortal } from '../support/hooks.js';
import { type AnsweredKey, askKeys } from '../support/key-operations.js';
import { CHANGES_BY_ID, makeOwnKey, setMemberKeys } from '../support/members.js';
import type { TestPortal } from '../support/test-portal.js';

const NOWHERE = '00000000-0000-4000-8000-000000000000';
const OWNED = ['api_keys', 'api_key_former_secrets', 'api_key_events', 'api_key_usage_hours', 'api_key_addresses'];
const LIST = `query ($filter: ApiKeyFilter, $after: String, $orderBy: ApiKeyOrder) {
  apiKeys(filter: $filter, after: $after, orderBy: $orderBy, first: 1) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }`;
const EVENTS = `query ($filter: ApiKeyEventFilter) { apiKeyEvents(filter: $filter, first: 100) {
  nodes { kind apiKeyId ip actorName actorKeyId } } }`;
const IMPACT =
  'query ($ids: [ID!], $ownerId: ID) { apiKeyRevocationImpact(ids: $ids, ownerId: $ownerId) { apiKey { id } } }';

describe('members of one tenant', () => {
  let api: TestPortal;
  let tenant: GivenTenant;
  let admin: GivenUser;
  let member: GivenUser;
  let other: GivenUser;
  let own: AnsweredKey & { secret: string };
  let theirs: AnsweredKey & { secret: string };
  usePortal(async (started) => {
    api = started;
    tenant = await api.given.tenant();
    admin = await api.given.admin(tenant);
    await setMemberKeys(api, tenant, 'ALLOWED');
    [member, other] = [
      await api.given.user({ tenant, role: 'VIEWER' }),
      await api.given.user({ tenant, role: 'OPERATOR' }),
    ];
  });
  beforeEach(async () => {
    [own, theirs] = [await makeOwnKey(api, member), await makeOwnKey(api, other)];
  });
  afterEach(() => api.database.sql('delete from api_keys where tenant_id = $1', [tenant.id]));

  const ask = (query: string, variables: Record<string, unknown> = {}, by = member): Promise<Answer> =>
    api.query(query, { session: by.session, variables, headers: { 'x-request-id': 'same' } });
  const everything = () =>
    api.database.sql(`select md5(string_agg(k::text, ',' order by id)) as keys,
      (select count(*)::int from api_key_events) as events from api_keys k`);

  it.each(CHANGES_BY_ID)(
    "%s of another user's key is answered as for an unknown key, and changes nothing",
    async (operation, variables) => {
      const before = await everything();
      const by = { session: member.session, headers: { 'x-request-id': 'same' } };
      const answer = await askKeys(api, operation, variables(theirs.id), by);
      const unknown = await askKeys(api, operation, variables(NOWHERE), by);
      expect([answer.status, answer.code]).toEqual([200, 'NOT_FOUND']);
      expect(answer.text).toBe(unknown.text);
      expect(await everything()).toEqual(before);
    },
  );

  it('a member reads null for the key of another user, as for an unknown id', async () => {
    const READ = 'query ($id: ID!) { apiKey(id: $id) { id } }';
    const [key, unknown] = [await ask(READ, { id: theirs.id }), await ask(READ, { id: NOWHERE })];
    expect([key.text, key.at('apiKey')]).toEqual([unknown.text, null]);
    const [impact, none] = [await ask(IMPACT, { ids: [theirs.id] }), await ask(IMPACT, { ids: [NOWHERE] })];
    expect([impact.text, impact.code]).toEqual([none.text, 'NOT_FOUND']);
    expect((await ask(IMPACT, { ids: [own.id] })).at('apiKeyRevocationImpact')).toEqual([{ apiKey: { id: own.id } }]);
  });

  it('a member revokes none of several keys when one belongs to another user, and cannot revoke the keys of a user', async () => {
    const revoke = (input: Record<string, unknown>) =>
      askKeys(api, 'revokeApiKeys', { input }, { session: member.session });
    expect((await revoke({ ids: [own.id, theirs.id] })).code).toBe('NOT_FOUND');
    const [others, nobodys] = [await revoke({ ownerId: other.id }), await revoke({ ownerId: NOWHERE })];
    expect([others.code, others.errors]).toEqual(['NOT_FOUND', nobodys.errors]);
    expect((await ask('{ apiKeys { totalCount } }', {}, admin)).at('apiKeys.totalCount')).toBe(2);
    expect((await revoke({ ownerId: member.id })).at('revokeApiKeys.count')).toBe(1);
    expect((await ask('{ apiKeys { totalCount } }', {}, admin)).at('apiKeys.totalCount')).toBe(1);
  });

  it('only an admin asks for what concerns all keys of a user', async () => {
    for (const { id: ownerId } of [member, other]) {
      const answer = await ask(IMPACT, { ownerId });
      expect([answer.status, answer.reason]).toEqual([200, 'ROLE_REQUIRED']);
    }
  });

  it.each([
    ['without a filter', {}],
    ["by another's ownerId", { ownerId: 'other' }],
    ["by another's id", { ids: 'theirs' }],
    ['by name', { search: 'own' }],
    ['by scope', { scope: 'devices:read' }],
    ['never used', { neverUsed: true }],
    ['by kind of owner', { ownerKind: 'HUMAN' }],
    ['created since', { createdAfter: '2020-01-01T00:00:00Z' }],
  ])('a list %s shows a member only its own keys, and counts only them', async (_, given) => {
    const filter = {
      ...given,
      ...('ownerId' in given ? { ownerId: other.id } : {}),
      ...('ids' in given ? { ids: [theirs.id] } : {}),
    };
    const list = await ask(LIST, { filter });
    const nodes = 'ownerId' in given || 'ids' in given ? [] : [{ id: own.id }];
    expect(list.at('apiKeys')).toMatchObject({ totalCount: nodes.length, nodes, pageInfo: { hasNextPage: false } });
  });

  it("a member's list refuses the cursor of another user", async () => {
    const second = await makeOwnKey(api, other);
    const cursor = (await ask(LIST, {}, other)).at('apiKeys.pageInfo.endCursor');
    expect((await ask(LIST, { after: cursor }, other)).at('apiKeys.nodes')).toEqual([{ id: theirs.id }]);
    expect((await ask(LIST, { after: cursor })).problemCodes).toEqual([['after', 'INVALID_CURSOR']]);
    expect(second.id).toBeDefined();
  });

  it('a member sees the events of its own keys, and no address but its own', async () => {
    await askKeys(api, 'suspendApiKey', { id: own.id }, { session: admin.session });
    await askKeys(api, 'suspendApiKey', { id: theirs.id }, { session: admin.session });
    const events = (await ask(EVENTS)).at<{ kind: string; apiKeyId: string; ip: string | null }[]>(
      'apiKeyEvents.nodes',
    );
    expect(events.map(({ kind, apiKeyId, ip }) => [kind, apiKeyId, ip])).toEqual([
      ['SUSPENDED', own.id, null],
      ['CREATED', own.id, '127.0.0.1'],
    ]);
    expect((await ask(EVENTS, { filter: { apiKeyId: theirs.id } })).at('apiKeyEvents.nodes')).toEqual([]);
    expect((await ask(EVENTS, { filter: { kind: ['POLICY_CHANGED'] } })).at('apiKeyEvents.nodes')).toEqual([]);
    const all = (await ask(EVENTS, { filter: { apiKeyId: own.id } }, admin)).at<{ ip: string }[]>('apiKeyEvents.nodes');
    expect(all.map(({ ip }) => ip)).toEqual(['127.0.0.1', '127.0.0.1']);
  });

  it('the database shows a session that is bound to a member its own rows only, and takes no others', async () => {
    for (const key of [own, theirs]) {
      await api.query('{ viewer { kind } }', { key: key.secret });
      await askKeys(api, 'rotateApiKey', { input: {} }, { key: key.secret });
    }
    await api.database.sql(`
      insert into api_key_usage_hours select id, date_trunc('hour', now()), tenant_id, 1, 0 from api_keys on conflict do nothing`);
    await api.database.sql(`
      insert into api_key_addresses select id, '10.0.0.1', tenant_id, now(), now() from api_keys on conflict do nothing`);
    for (const table of OWNED) {
      const key = table === 'api_keys' ? 'id' : 'api_key_id';
      const seen = (settings: Record<string, string> = {}) =>
        api.database.sqlAs<{ id: string }>(
          'portal_app',
          tenant.id,
          `select distinct ${key} as id from ${table}`,
          [],
          settings,
        );
      const ids = (rows: { id: string }[]) =>
        rows
          .map(({ id }) => id)
          .filter((id) => id === own.id || id === theirs.id)
          .toSorted();
      expect([table, ids(await seen({ 'app.member_id': member.id }))]).toEqual([table, [own.id]]);
      expect([table, (await seen({ 'app.member_id': member.id })).length]).toEqual([table, 1]);
      expect([table, ids(await seen())]).toEqual([table, [own.id, theirs.id].toSorted()]);
    }
    const as = (statement: string) => asMember(statement, [theirs.id]);
    expect(await as(`update api_keys set name = 'x' where id = $1 returning id`)).toEqual([]);
    await expect(asMember('update api_keys set user_id = $1 returning id', [other.id])).rejects.toThrow(
      /row-level security/,
    );
    await expect(
      asMember(`insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash) values ($1, $2, 'x', 'x', 'x')`, [
        tenant.id,
        other.id,
      ]),
    ).rejects.toThrow(/row-level security/);
    await expect(
      asMember(`insert into api_key_events (tenant_id, kind, api_key_id) values ($1, 'CREATED', $2)`, [
        tenant.id,
        theirs.id,
      ]),
    ).rejects.toThrow(/row-level security/);
  });

  const asMember = (statement: string, values: unknown[]) =>
    api.database.sqlAs('portal_app', tenant.id, statement, values, { 'app.member_id': member.id });
});
