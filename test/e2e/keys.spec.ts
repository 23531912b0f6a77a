import { createHash } from 'node:crypto';
import type { AnswerError } from '../support/answer.js';
import type { GivenTenant, GivenUser } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';

const CREATE = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { secret apiKey { id name description keyPrefix status scopes effectiveScopes expiresAt
    createdAt version metadata owner { id } createdBy { id } revokedAt revokedBy { id } revocationReason } }
}`;
const REVOKE = `mutation ($input: RevokeApiKeysInput!) {
  revokeApiKeys(input: $input) { count apiKeys { id status revokedAt revocationReason revocationNote version revokedBy { id } } }
}`;
const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: ApiKeyFilter) {
  apiKeys(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

let api: TestPortal;
let tenant: GivenTenant;
let admin: GivenUser;
beforeAll(async () => {
  api = await TestPortal.start();
});
beforeEach(async () => {
  tenant = await api.given.tenant();
  admin = await api.given.admin(tenant);
});
afterAll(() => api.stop());

const ask = (query: string, variables: Record<string, unknown> = {}) =>
  api.query(query, { session: admin.session, variables });
const create = (input: Record<string, unknown>) =>
  ask(CREATE, { input: { name: 'ci', scopes: ['devices:read'], ...input } });

describe('a new key', () => {
  it('is shown once, whole, in an answer that nobody may keep', async () => {
    const answer = await create({
      name: '  ci  ',
      description: 'builds',
      metadata: { team: 'net' },
      expiresAt: inSeconds(3600),
    });
    const secret = answer.at<string>('createApiKey.secret');
    expect(secret).toMatch(/^mktp_[0-9A-Za-z]{49}$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.at('createApiKey.apiKey')).toMatchObject({
      name: 'ci',
      description: 'builds',
      keyPrefix: secret.slice(0, 9),
      status: 'ACTIVE',
      scopes: ['devices:read'],
      effectiveScopes: ['devices:read'],
      version: 1,
      metadata: { team: 'net' },
      owner: { id: admin.id },
      createdBy: { id: admin.id },
      revokedAt: null,
    });
    const lists = await ask('{ apiKeys { nodes { id name keyPrefix metadata } } }');
    expect(lists.text).not.toContain(secret.slice(9));
  });

  it('is kept as its SHA-256 and nothing else', async () => {
    const secret = (await create({})).at<string>('createApiKey.secret');
    const rows = await api.database.sql<{ row: string; key_hash: string }>(
      `select t::text as row, key_hash from api_keys t where tenant_id = $1`,
      [tenant.id],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.key_hash).toBe(createHash('sha256').update(secret).digest('hex'));
    expect(rows[0]?.row).not.toContain(secret.slice(9));
  });

  it('may be made for a service account', async () => {
    const robot = await api.given.user({ tenant, role: 'OPERATOR', kind: 'SERVICE' });
    const answer = await create({ ownerId: robot.id });
    expect(answer.at('createApiKey.apiKey')).toMatchObject({ owner: { id: robot.id }, createdBy: { id: admin.id } });
  });

  it.each<[string, Record<string, unknown>, [string, string][]]>([
    ['an empty name', { name: '   ' }, [['input.name', 'TOO_SHORT']]],
    ['a name of 201 characters', { name: 'x'.repeat(201) }, [['input.name', 'TOO_LONG']]],
    ['a name with a control character', { name: 'a\u0007b' }, [['input.name', 'MALFORMED']]],
    ['a name with a bidi control', { name: 'a\u202eb' }, [['input.name', 'MALFORMED']]],
    ['a name with NUL', { name: 'a\u0000b' }, [['input.name', 'MALFORMED']]],
    ['a name with half a surrogate pair', { name: 'a\ud800' }, [['input.name', 'MALFORMED']]],
    ['no scope', { scopes: [] }, [['input.scopes', 'TOO_SHORT']]],
    ['an unknown scope', { scopes: ['devices:reed'] }, [['input.scopes.0', 'UNKNOWN_SCOPE']]],
    [
      'a scope of an object’s own',
      { scopes: ['__proto__', '*'] },
      [
        ['input.scopes.0', 'UNKNOWN_SCOPE'],
        ['input.scopes.1', 'UNKNOWN_SCOPE'],
      ],
    ],
    ['a scope twice', { scopes: ['devices:read', 'devices:read'] }, [['input.scopes.1', 'DUPLICATE']]],
    ['51 scopes', { scopes: Array.from({ length: 51 }, (_, i) => `s${i}`) }, [['input.scopes', 'TOO_MANY']]],
    ['an expiry in the past', { expiresAt: inSeconds(-1) }, [['input.expiresAt', 'NOT_IN_FUTURE']]],
    ['an expiry within the minute', { expiresAt: inSeconds(50) }, [['input.expiresAt', 'NOT_IN_FUTURE']]],
    ['an expiry beyond ten years', { expiresAt: inSeconds(3_655 * 86_400) }, [['input.expiresAt', 'OUT_OF_RANGE']]],
    ['an owner that is no UUID', { ownerId: 'me' }, [['input.ownerId', 'MALFORMED']]],
    ['too much metadata', { metadata: { a: 'x'.repeat(9_000) } }, [['input.metadata', 'TOO_LONG']]],
    [
      'metadata too deep',
      { metadata: { a: { b: { c: { d: { e: { f: { g: { h: {} } } } } } } } } },
      [['input.metadata', 'OUT_OF_RANGE']],
    ],
    ['metadata that PostgreSQL cannot keep', { metadata: { a: '\u0000' } }, [['input.metadata', 'MALFORMED']]],
    [
      'several at once',
      { name: '', scopes: ['nope'], expiresAt: inSeconds(1) },
      [
        ['input.name', 'TOO_SHORT'],
        ['input.scopes.0', 'UNKNOWN_SCOPE'],
        ['input.expiresAt', 'NOT_IN_FUTURE'],
      ],
    ],
  ])('with %s is refused, naming it, and nothing is made', async (_, input, expected) => {
    const answer = await create(input);
    expect([answer.status, answer.code]).toEqual([200, 'BAD_USER_INPUT']);
    const problems = answer.errors[0]?.extensions['problems'] as { path: string[]; code: string }[];
    expect(problems.map(({ path, code }) => [path.join('.'), code])).toEqual(expected);
    expect(await api.database.sql('select from api_keys where tenant_id = $1', [tenant.id])).toEqual([]);
  });

  it('gets suggestions for a scope that looks like another', async () => {
    const [error] = (await create({ scopes: ['device:read'] })).errors as [AnswerError];
    expect((error.extensions['problems'] as { suggestions: string[] }[])[0]?.suggestions[0]).toBe('devices:read');
  });

  it.each([['2030-02-30T00:00:00Z'], ['2030-01-01'], ['2030-01-01T00:00:00'], ['2030-01-01T24:00:00Z'], [true], [0]])(
    'does not take %j for an instant',
    async (expiresAt) => {
      const answer = await create({ expiresAt });
      expect([answer.status, answer.code]).toEqual([400, 'BAD_USER_INPUT']);
      expect(answer.body).not.toHaveProperty('data');
    },
  );

  it('cannot grant what its owner may not do, and each such scope is named', async () => {
    const viewer = await api.given.user({ tenant, role: 'VIEWER' });
    const answer = await create({ ownerId: viewer.id, scopes: ['devices:write', 'devices:read', 'firmware:write'] });
    const problems = answer.errors[0]?.extensions['problems'] as { path: (string | number)[]; code: string }[];
    expect(problems.map(({ path, code }) => [path.at(-1), code])).toEqual([
      [0, 'SCOPE_NOT_GRANTABLE'],
      [2, 'SCOPE_NOT_GRANTABLE'],
    ]);
  });

  it('cannot be owned by someone who is not active', async () => {
    const user = await api.given.user({ tenant });
    await api.database.sql('update users set is_active = false where id = $1', [user.id]);
    const answer = await create({ ownerId: user.id });
    expect([answer.code, answer.reason]).toEqual(['CONFLICT', 'INVALID_STATE']);
  });
});

describe('a list of keys', () => {
  const make = async (count: number) => {
    for (let index = 0; index < count; index++) await create({ name: `key ${index}` });
    const rows = await api.database.sql<{ id: string }>(
      'select id from api_keys where tenant_id = $1 order by created_at desc, id desc',
      [tenant.id],
    );
    return rows.map(({ id }) => id);
  };
  const idsOf = (answer: Awaited<ReturnType<typeof ask>>) =>
    answer.at<{ id: string }[]>('apiKeys.nodes').map(({ id }) => id);

  it('is paged forwards and backwards, newest first, without gap or repetition', async () => {
    const ids = await make(5);
    const first = await ask(PAGE, { first: 2 });
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(first.at('apiKeys.totalCount')).toBe(5);
    expect(first.at('apiKeys.pageInfo')).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await ask(PAGE, { first: 2, after: first.at('apiKeys.pageInfo.endCursor') });
    expect(idsOf(second)).toEqual(ids.slice(2, 4));
    const third = await ask(PAGE, { first: 2, after: second.at('apiKeys.pageInfo.endCursor') });
    expect(idsOf(third)).toEqual(ids.slice(4));
    expect(third.at('apiKeys.pageInfo.hasNextPage')).toBe(false);
    const back = await ask(PAGE, { last: 2, before: third.at('apiKeys.pageInfo.startCursor') });
    expect(idsOf(back)).toEqual(ids.slice(2, 4));
    const last = await ask(PAGE, { last: 3 });
    expect(idsOf(last)).toEqual(ids.slice(2));
  });

  it('leaves out revoked keys unless they are asked for', async () => {
    const [newest = '', ...others] = await make(3);
    await ask(REVOKE, { input: { ids: [newest] } });
    expect(idsOf(await ask(PAGE))).toEqual(others);
    expect(idsOf(await ask(PAGE, { filter: { status: ['REVOKED'] } }))).toEqual([newest]);
    expect(idsOf(await ask(PAGE, { filter: { status: [] } }))).toEqual([]);
  });

  it('counts only when asked for the total', async () => {
    const sql = await api.sqlOf(() => ask('{ apiKeys { nodes { id } } }'));
    expect(sql.filter((statement) => statement.includes('count('))).toEqual([]);
  });

  it('reads the owners of all its keys at once', async () => {
    await make(4);
    const sql = await api.sqlOf(() => ask('{ apiKeys { nodes { owner { name } createdBy { name } } } }'));
    expect(sql.filter((statement) => /from "users"/.test(statement))).toHaveLength(1);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['first 0', { first: 0 }, 'first', 'OUT_OF_RANGE'],
    ['first 101', { first: 101 }, 'first', 'OUT_OF_RANGE'],
    ['last -1', { last: -1 }, 'last', 'OUT_OF_RANGE'],
    ['both first and last', { first: 1, last: 1 }, 'last', 'MALFORMED'],
    ['after with last', { last: 1, after: 'x' }, 'after', 'MALFORMED'],
    ['before without last', { before: 'x' }, 'before', 'MALFORMED'],
    ['a cursor of nonsense', { after: '!!!' }, 'after', 'INVALID_CURSOR'],
    [
      'a cursor made up',
      { after: Buffer.from('{"createdAt":{"$gt":"1970"}}').toString('base64url') },
      'after',
      'INVALID_CURSOR',
    ],
  ])('asked for %s says so', async (_, variables, path, code) => {
    const answer = await ask(PAGE, variables);
    expect(answer.code).toBe('BAD_USER_INPUT');
    expect(answer.errors[0]?.extensions['problems']).toMatchObject([{ path: [path], code }]);
  });

  it('refuses the cursor of another filter', async () => {
    await make(1);
    const cursor = (await ask(PAGE)).at('apiKeys.pageInfo.endCursor');
    const answer = await ask(PAGE, { after: cursor, filter: { status: ['ACTIVE'] } });
    expect(answer.errors[0]?.extensions['problems']).toMatchObject([{ path: ['after'], code: 'INVALID_CURSOR' }]);
  });

  it('is for sessions of admins only', async () => {
    const { secret } = await api.given.apiKey({ tenant });
    const byKey = await api.query(PAGE, { key: secret });
    expect([byKey.status, byKey.reason]).toEqual([403, 'SESSION_REQUIRED']);
    const operator = await api.given.user({ tenant, role: 'OPERATOR' });
    const byOperator = await api.query(PAGE, { session: operator.session });
    expect([byOperator.reason, byOperator.errors[0]?.extensions['requiredRole']]).toEqual([
      'ROLE_REQUIRED',
      'TENANT_ADMIN',
    ]);
  });
});

describe('a revoked key', () => {
  it('is refused from then on, and its holder is told', async () => {
    const key = await api.given.apiKey({ tenant });
    const answer = await ask(REVOKE, { input: { ids: [key.id], reason: 'COMPROMISED', note: ' found in a log ' } });
    expect(answer.at('revokeApiKeys')).toMatchObject({
      count: 1,
      apiKeys: [
        {
          id: key.id,
          status: 'REVOKED',
          revocationReason: 'COMPROMISED',
          revocationNote: 'found in a log',
          version: 2,
          revokedBy: { id: admin.id },
        },
      ],
    });
    const refused = await api.query('{ devices { totalCount } }', { key: key.secret });
    expect([refused.status, refused.code, refused.reason]).toEqual([401, 'UNAUTHENTICATED', 'REVOKED_KEY']);
  });

  it('stays as it is when it is revoked again', async () => {
    const key = await api.given.apiKey({ tenant });
    const first = await ask(REVOKE, { input: { ids: [key.id], reason: 'UNUSED' } });
    const second = await ask(REVOKE, { input: { ids: [key.id], reason: 'OTHER', note: 'again' } });
    expect(second.text).toBe(first.text);
  });

  it('goes with all others of its owner', async () => {
    const robot = await api.given.user({ tenant, kind: 'SERVICE', role: 'OPERATOR' });
    const keys = [await api.given.apiKey({ tenant, owner: robot }), await api.given.apiKey({ tenant, owner: robot })];
    const other = await api.given.apiKey({ tenant });
    const answer = await ask(REVOKE, { input: { ownerId: robot.id, reason: 'OWNER_LEFT' } });
    expect(answer.at('revokeApiKeys.count')).toBe(2);
    for (const { secret } of keys)
      expect((await api.query('{ viewer { kind } }', { key: secret })).reason).toBe('REVOKED_KEY');
    expect((await api.query('{ viewer { kind } }', { key: other.secret })).status).toBe(200);
  });

  it.each<[string, Record<string, unknown>, [string, string]]>([
    ['neither ids nor owner', {}, ['input', 'REQUIRED']],
    ['ids and owner', { ids: [], ownerId: 'x' }, ['input', 'REQUIRED']],
    ['no id', { ids: [] }, ['input.ids', 'TOO_SHORT']],
    ['an id that is none', { ids: ['x'] }, ['input.ids.0', 'MALFORMED']],
    ['101 ids', { ids: Array.from({ length: 101 }, () => crypto.randomUUID()) }, ['input.ids', 'TOO_MANY']],
  ])('is not had by naming %s', async (_, input, [path, code]) => {
    const answer = await ask(REVOKE, { input });
    const problems = answer.errors[0]?.extensions['problems'] as { path: string[]; code: string }[];
    expect(problems.map((problem) => [problem.path.join('.'), problem.code])).toContainEqual([path, code]);
  });
});

describe('the viewer', () => {
  const VIEWER = '{ viewer { kind scopes tenant { id } user { id role } apiKey { id } } }';

  it('of a key is the key, its owner and what both may do', async () => {
    const viewer = await api.given.user({ tenant, role: 'VIEWER' });
    const key = await api.given.apiKey({ tenant, owner: viewer, scopes: ['devices:read', 'alerts:read'] });
    expect((await api.query(VIEWER, { key: key.secret })).at('viewer')).toEqual({
      kind: 'API_KEY',
      scopes: ['alerts:read', 'devices:read'],
      tenant: { id: tenant.id },
      user: { id: viewer.id, role: 'VIEWER' },
      apiKey: { id: key.id },
    });
  });

  it('of a session is its user', async () => {
    const answer = await ask(VIEWER);
    expect(answer.at('viewer')).toMatchObject({ kind: 'USER', user: { id: admin.id }, apiKey: null });
  });
});

describe('the scopes', () => {
  it('tell what they open, who holds them and who may grant them', async () => {
    const SCOPES = '{ apiScopes { name opens grantedTo grantableByMe } }';
    const scopes = (await ask(SCOPES)).at<
      { name: string; opens: string[]; grantedTo: string[]; grantableByMe: boolean }[]
    >('apiScopes');
    expect(scopes.map(({ name }) => name)).toEqual([
      'devices:read',
      'devices:write',
      'config:read',
      'config:write',
      'alerts:read',
      'firmware:write',
    ]);
    expect(scopes[1]).toEqual({
      name: 'devices:write',
      opens: ['Mutation.createDevice', 'Mutation.deleteDevice', 'Mutation.updateDevice'],
      grantedTo: ['SUPER_ADMIN', 'TENANT_ADMIN', 'OPERATOR'],
      grantableByMe: true,
    });
    const { secret } = await api.given.apiKey({ tenant });
    const byKey = (await api.query(SCOPES, { key: secret })).at<{ grantableByMe: boolean }[]>('apiScopes');
    expect(byKey.every(({ grantableByMe }) => !grantableByMe)).toBe(true);
  });
});
