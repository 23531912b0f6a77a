import { CREATE_ROWS, type Expected } from '../support/argument-rows.js';
import type { Answer } from '../support/answer.js';
import type { GivenKey } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';

const CREATE = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) { secret apiKey { id name scopes expiresAt metadata } }
}`;
const LIST = `query ($after: String, $filter: ApiKeyFilter) { apiKeys(after: $after, filter: $filter) { nodes { id } } }`;
const NOWHERE = '00000000-0000-0000-0000-000000000000';

let api: TestPortal;
let key: GivenKey;
let foreign: GivenKey;
beforeAll(async () => {
  api = await TestPortal.start();
  [key, foreign] = [await api.given.apiKey(), await api.given.apiKey()];
});
afterAll(() => api.stop());

const ask = (query: string, variables: Record<string, unknown>) =>
  api.query(query, { session: key.admin.session, variables });
const rows = async () => {
  const [counted] = await api.database.sql<{ n: number }>('select count(*)::int as n from api_keys');
  return counted?.n;
};
const problemsOf = (answer: Answer) =>
  (answer.errors[0]?.extensions['problems'] as { path: unknown[]; code: string }[] | undefined)?.map(
    ({ path, code }) => `${path.join('.')}:${code}`,
  );
function expectAnswer(answer: Answer, expected: Expected): void {
  if ('ok' in expected) return void expect([answer.status, answer.errors]).toEqual([200, []]);
  expect([answer.status, answer.code]).toEqual([expected.status ?? 200, expected.code]);
  if (expected.problem) expect(problemsOf(answer)).toContain(expected.problem);
  expect(answer.text).not.toMatch(/at .*\.[jt]s|select |insert |22\d{3}|08P01|node_modules/);
}

it.each(CREATE_ROWS)('$id $what', async ({ input, expected }) => {
  const before = await rows();
  const answer = await ask(CREATE, { input: { name: 'x', scopes: ['devices:read'], ...input } });
  expectAnswer(answer, expected);
  const isTaken = 'ok' in expected;
  expect(await rows()).toBe(Number(before) + (isTaken ? 1 : 0));
  const made = isTaken ? answer.at<Record<string, unknown>>('createApiKey.apiKey') : undefined;
  if (made && typeof input['name'] === 'string') expect(made['name']).toBe(input['name']);
  if (made && input['metadata']) expect(made['metadata']).toEqual(input['metadata']);
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

it('D22 digits beyond the millisecond are cut off, alike in answer and list', async () => {
  const created = await ask(CREATE, {
    input: { name: 'x', scopes: ['devices:read'], expiresAt: '2030-01-01T00:00:00.123987Z' },
  });
  expect(created.at('createApiKey.apiKey.expiresAt')).toBe('2030-01-01T00:00:00.123Z');
  const id = created.at<string>('createApiKey.apiKey.id');
  const read = await ask('query ($id: ID!) { apiKey(id: $id) { expiresAt } }', { id });
  expect(read.at('apiKey.expiresAt')).toBe('2030-01-01T00:00:00.123Z');
});

it('D28, D30, D31 numbers that lose digits, and thousands of levels, are refused; of repeated keys the last counts, in answer and list', async () => {
  const send = async (metadata: string) => {
    const body = `{"query":${JSON.stringify(CREATE)},"variables":{"input":{"name":"x","scopes":["devices:read"],"metadata":${metadata}}}}`;
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: `Bearer ${key.admin.session}`,
      },
      body,
    });
    return (await response.json()) as { data?: { createApiKey: { apiKey: { metadata: unknown } } | null } };
  };
  for (const number of ['1e400', '9007199254740993', '-0', '1'.repeat(400)])
    expect((await send(`{"a":${number}}`)).data?.createApiKey).toBeNull();
  // Nesting that would exhaust the stack of whoever walks it by recursion.
  for (const depth of [5_000, 12_000])
    expect((await send(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)).data?.createApiKey).toBeNull();
  expect((await send('{"a":1,"a":2}')).data?.createApiKey?.apiKey.metadata).toEqual({ a: 2 });
});

it('D33 a tenant in header or URL changes nothing but whether the request is refused', async () => {
  const response = await fetch(`${api.url}/graphql?tenantId=${foreign.tenant.id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key.admin.session}` },
    body: JSON.stringify({ query: '{ viewer { tenant { id } } }' }),
  });
  expect(await response.json()).toEqual({ data: { viewer: { tenant: { id: key.tenant.id } } } });
});

const BY_ID = {
  get: 'query ($id: ID!) { apiKey(id: $id) { id } }',
  revoke: 'mutation ($id: ID!) { revokeApiKeys(input: { ids: [$id] }) { count } }',
  rotate: 'mutation ($id: ID!) { rotateApiKey(input: { id: $id }) { secret } }',
  update: 'mutation ($id: ID!) { updateApiKey(input: { id: $id, name: "y" }) { apiKey { id } } }',
  suspend: 'mutation ($id: ID!) { suspendApiKey(id: $id) { apiKey { id } } }',
  resume: 'mutation ($id: ID!) { resumeApiKey(id: $id) { apiKey { id } } }',
  complete: 'mutation ($id: ID!) { completeApiKeyRotation(id: $id) { apiKey { id } } }',
  transfer: `mutation ($id: ID!) { transferApiKey(id: $id, ownerId: "${NOWHERE}") { apiKey { id } } }`,
};

describe.each(Object.entries(BY_ID))('%s by an id', (_, document) => {
  it.each([
    ['D34', 'not-a-uuid', 200],
    ['D34', '', 200],
    ['D34', 'x'.repeat(10_240), 200],
    ['D34', {}, 400],
    ['D35', `{${NOWHERE}}`, 200],
    ['D35', NOWHERE.replaceAll('-', ''), 200],
    ['D35', ` ${NOWHERE} `, 200],
  ])('%s %j is MALFORMED, never a bug', async (_id, id, status) => {
    const answer = await ask(document, { id });
    expect([answer.status, answer.code]).toEqual([status, 'BAD_USER_INPUT']);
  });

  it("D36 the nil id and another tenant's are one answer, and theirs is unchanged", async () => {
    const before = await api.database.sql('select t::text from api_keys t where id = $1', [foreign.id]);
    const same = { 'x-request-id': 'same' };
    const [none, theirs] = await Promise.all(
      [NOWHERE, foreign.id].map((id) =>
        api.query(document, { session: key.admin.session, variables: { id }, headers: same }),
      ),
    );
    expect(theirs?.text).toBe(none?.text);
    expect(await api.database.sql('select t::text from api_keys t where id = $1', [foreign.id])).toEqual(before);
  });
});

it('D35 an id in upper case is the same id', async () => {
  expect((await ask(BY_ID.get, { id: key.id.toUpperCase() })).at('apiKey.id')).toBe(key.id);
});

it.each<[string, unknown]>([
  ['D41', ''],
  ['D41', '!!!'],
  ['D41', Buffer.from('nonsense').toString('base64url')],
  ['D41', Buffer.from([0xff, 0xfe]).toString('base64url')],
  ['D41', 'x'.repeat(10_240)],
  ['D44', Buffer.from('{"createdAt":{"$gt":"1970"},"id":{"$ne":null}}').toString('base64url')],
  ['D46', Buffer.from('["x","infinity","not-a-uuid"]').toString('base64url')],
])('%s the cursor %.60j is refused', async (_, after) => {
  const answer = await ask(LIST, { after });
  expect(problemsOf(answer)).toContain('after:INVALID_CURSOR');
});

it('D42, D43 a cursor with a bit flipped, or of another tenant, leads to own rows or is refused', async () => {
  const mine = await ask('{ apiKeys(first: 1) { pageInfo { endCursor } } }', {});
  const cursor = mine.at<string>('apiKeys.pageInfo.endCursor');
  const theirs = await api.query('{ apiKeys(first: 1) { pageInfo { endCursor } } }', {
    session: foreign.admin.session,
  });
  const flipped = Array.from({ length: cursor.length }, (_, at) => {
    const bytes = Buffer.from(cursor);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes.toString('latin1');
  });
  for (const after of [theirs.at<string>('apiKeys.pageInfo.endCursor'), ...flipped]) {
    const answer = await ask(LIST, { after });
    expect([undefined, 'BAD_USER_INPUT']).toContain(answer.code);
    if (answer.code) continue;
    const ids = answer.at<{ id: string }[]>('apiKeys.nodes').map(({ id }) => id);
    expect(
      await api.database.sql('select id from api_keys where id = any($1) and tenant_id <> $2', [ids, key.tenant.id]),
    ).toEqual([]);
  }
});

it.each(['%', '_', '\\', "'", '"', '?', '$1', ':x', '(a+)+$', 'x'.repeat(200)])(
  'D47, D48 the search %.20j is taken literally',
  async (search) => {
    const tenant = await api.given.tenant();
    const { session } = await api.given.admin(tenant);
    await api.given.apiKey({ tenant, name: `has ${search} in it`.slice(0, 200) });
    await api.given.apiKey({ tenant, name: 'plain' });
    const sought = `has ${search} in it`.slice(0, 200);
    const answer = await api.query(LIST, { session, variables: { filter: { search: sought.slice(2) } } });
    expect(answer.at('apiKeys.nodes')).toHaveLength(1);
  },
);

it('D51 ten revocations of one key in one request are one, with one receipt and one event', async () => {
  const { id } = await api.given.apiKey({ tenant: key.tenant });
  const fields = Array.from(
    { length: 10 },
    (_, n) => `r${n}: revokeApiKeys(input: { ids: ["${id}"] }) { apiKeys { revokedAt } }`,
  );
  const answer = await ask(`mutation { ${fields.join(' ')} }`, {});
  expect(new Set(Object.values(answer.data).map((value) => JSON.stringify(value))).size).toBe(1);
  const events = await api.database.sql(`select from api_key_events where api_key_id = $1 and kind = 'REVOKED'`, [id]);
  expect(events).toHaveLength(1);
});

it.each<[unknown, number]>([
  [-1, 200],
  [2_147_483_648, 400],
  [1.5, 400],
  ['1h', 400],
  [null, 400],
])('D53 an overlap of %j is refused', async (overlapSeconds, status) => {
  const answer = await ask('mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { secret } }', {
    input: { id: key.id, overlapSeconds },
  });
  expect([answer.status, answer.code]).toEqual([status, 'BAD_USER_INPUT']);
});

it('D62 a key that ends itself answers once more and never again', async () => {
  const { secret } = await api.given.apiKey();
  const ended = await api.query('mutation { revokeCurrentApiKey { apiKey { status } } }', { key: secret });
  expect(ended.at('revokeCurrentApiKey.apiKey.status')).toBe('REVOKED');
  expect((await api.query('{ viewer { kind } }', { key: secret })).reason).toBe('REVOKED_KEY');
});

it.each(['D13', 'D63'])('%s a key makes no keys, whatever its scopes', async () => {
  const before = await rows();
  const answer = await api.query(CREATE, {
    key: key.secret,
    variables: { input: { name: 'x', scopes: ['devices:read'] } },
  });
  expect([answer.status, answer.reason, await rows()]).toEqual([403, 'SESSION_REQUIRED', before]);
});
