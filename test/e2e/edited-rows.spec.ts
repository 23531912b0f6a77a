import { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const WHO = '{ viewer { kind scopes } }';
const ROTATE = 'mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { secret } }';
const REPORT = 'mutation ($key: String!) { reportLeakedApiKey(key: $key) { accepted } }';
const DEVICES = '{ devices { totalCount } }';

describe('rows of keys that somebody edits by hand', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  const edit = (id: string, column: 'expires_at' | 'scopes', value: string) =>
    api.database.sql(`update api_keys set ${column} = ${value} where id = $1`, [id]);

  it.each([
    ['null', 200, undefined],
    [`'9999-12-31'`, 200, undefined],
    [`'0044-03-15 BC'`, 401, 'EXPIRED_KEY'],
    [`'infinity'`, undefined, '23514'],
    [`'-infinity'`, undefined, '23514'],
    [`'10000-01-01'`, undefined, '23514'],
  ])('(T31) a key edited to expire at %s: %s %s', async (expiry, status, outcome) => {
    const { id, secret } = await api.given.apiKey();
    if (status === undefined) return expect(edit(id, 'expires_at', expiry)).rejects.toMatchObject({ code: outcome });
    await edit(id, 'expires_at', expiry);
    await api.caughtUp();
    const answer = await api.query(WHO, { key: secret });
    expect([answer.status, answer.reason]).toEqual([status, outcome]);
  });

  it.each([
    [`'null'`, '23514'],
    [`'{}'`, '23514'],
    [`'"devices:read"'`, '23514'],
    [`'7'`, '23514'],
    ['null', '23502'],
  ])('(T41) a key edited to have the scopes %s is refused by the table', async (scopes, code) => {
    const { id } = await api.given.apiKey();
    await expect(edit(id, 'scopes', scopes)).rejects.toMatchObject({ code });
  });

  it.each([
    ['numbers', `'[1, 2]'`, []],
    ['a scope among what is none', `'["alerts:read", null, ["devices:read"], {"a": 1}, 7]'`, ['alerts:read']],
    ['names that mean something elsewhere', `'["*", "__proto__", "devices:*", "DEVICES:READ"]'`, []],
    ['a megabyte', `to_jsonb(array_fill('x'::text, array[250000]))`, []],
    ['lists in lists', `('[' || repeat('[', 4000) || repeat(']', 4000) || ']')::jsonb`, []],
  ])('(T41) a key edited to have %s as scopes opens its valid scopes, and nothing more', async (_, scopes, opened) => {
    const { id, secret, admin } = await api.given.apiKey();
    await edit(id, 'scopes', scopes);
    await api.caughtUp();
    expect((await api.query(WHO, { key: secret })).at('viewer.scopes')).toEqual(opened);
    const answer = await api.query(DEVICES, { key: secret });
    expect([answer.status, answer.reason]).toEqual([403, 'MISSING_SCOPE']);
    expect((await api.query(WHO, { session: admin.session })).status).toBe(200);
    await edit(id, 'scopes', `'[]'`);
  });

  it.each([
    ['created_at', `'infinity'`],
    ['created_at', `'294000-01-01'`],
    ['last_used_at', `'-infinity'`],
    ['suspended_at', `'10000-01-01'`],
    ['previous_expires_at', `'0044-03-15 BC'`],
    ['metadata', `'[]'`],
    ['metadata', `'7'`],
    ['allowed_cidrs', `'{}'`],
  ])('a key edited to have %s = %s is refused by the table', async (column, value) => {
    const { id } = await api.given.apiKey();
    const edit = api.database.sql(`update api_keys set ${column} = ${value} where id = $1`, [id]);
    await expect(edit).rejects.toMatchObject({ code: '23514' });
  });
});

const LIST = `{ apiKeys { nodes { id name scopes effectiveScopes createdAt lastUsedAt suspendedAt metadata allowedCidrs } } }`;

describe('impossible rows of keys that are stored anyway', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start();
    for (const { table, name } of await api.database.sql<{ table: string; name: string }>(
      `select conrelid::regclass::text as table, conname as name from pg_constraint
       where contype = 'c' and conrelid in ('api_keys'::regclass, 'api_key_policies'::regclass)
         or conname = 'api_key_former_secrets_api_key_id_tenant_id_foreign'`,
    ))
      await api.database.sql(`alter table ${table} drop constraint ${name}`);
  });
  afterAll(() => api.stop());

  it.each([
    ['created_at', `'infinity'`, undefined],
    ['created_at', `'294000-01-01'`, undefined],
    ['last_used_at', `'infinity'`, { lastUsedAt: null }],
    ['suspended_at', `'-infinity'`, { suspendedAt: null }],
    ['metadata', `'[]'`, { metadata: {} }],
    ['metadata', `'"text"'`, { metadata: {} }],
    ['scopes', `'[null, {}, "alerts:read"]'`, { scopes: ['alerts:read'], effectiveScopes: ['alerts:read'] }],
    ['scopes', `'{}'`, { scopes: [] }],
    ['allowed_cidrs', `'null'`, { allowedCidrs: [] }],
  ])('a stored key with %s = %s harms no other row of its list', async (column, value, shown) => {
    const key = await api.given.apiKey();
    const odd = await api.given.apiKey({ tenant: key.tenant });
    await api.database.sql(`update api_keys set ${column} = ${value} where id = $1`, [odd.id]);
    const { body } = await api.query(LIST, { session: key.admin.session });
    const { nodes } = (body as { data: { apiKeys: { nodes: { id: string }[] } } }).data.apiKeys;
    expect(nodes.filter(({ id }) => id === key.id)).toHaveLength(1);
    const row = nodes.find(({ id }) => id === odd.id);
    if (shown) expect(row).toMatchObject(shown);
    else expect(row).toBeUndefined();
  });

  it('a key whose limits would overflow its verdict fails no lookup of other tenants', async () => {
    const odd = await api.given.apiKey();
    const others = [];
    // One after another: on a busy machine 19 at once wait too long for a connection.
    while (others.length < 19) others.push(await api.given.apiKey());
    await api.database.sql('insert into api_key_policies (tenant_id, max_lifetime_days) values ($1, 100000000)', [
      odd.tenant.id,
    ]);
    await api.caughtUp();
    const [failed, ...answers] = await Promise.all(
      [odd, ...others].map(({ secret }) => api.query(WHO, { key: secret })),
    );
    expect(answers.map(({ status }) => status)).toEqual(others.map(() => 200));
    expect(failed?.status).not.toBe(200);
  });

  it('a former secret that is stored for another tenant than its key opens nothing and ends nothing', async () => {
    const key = await api.given.apiKey();
    const { session } = key.admin;
    const rotated = await api.query(ROTATE, { session, variables: { input: { id: key.id } } });
    const secret = rotated.at<string>('rotateApiKey.secret');
    expect((await api.query(WHO, { key: key.secret })).status).toBe(200);
    const other = await api.given.tenant();
    await api.database.sql('update api_key_former_secrets set tenant_id = $2 where api_key_id = $1', [
      key.id,
      other.id,
    ]);
    await api.caughtUp();
    const answer = await api.query(WHO, { key: key.secret });
    expect([answer.status, answer.reason]).toEqual([401, 'INVALID_KEY']);
    expect((await api.query(REPORT, { variables: { key: key.secret } })).status).toBe(200);
    expect((await api.query(WHO, { key: secret })).status).toBe(200);
  });
});

it('a former secret of another tenant than its key is refused by the table', async () => {
  const api = await TestPortal.start();
  const key = await api.given.apiKey();
  const other = await api.given.tenant();
  const insert = api.database.sql(
    `insert into api_key_former_secrets (key_hash, tenant_id, api_key_id, secret_number) values ('hash', $2, $1, 7)`,
    [key.id, other.id],
  );
  await expect(insert).rejects.toMatchObject({ code: '23503' });
  await api.stop();
});
