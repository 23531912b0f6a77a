import { Aftermath } from '../support/aftermath.js';
import type { Answer } from '../support/answer.js';
import { CREATE_ROWS, type Expected, problemsShown } from '../support/argument-rows.js';
import { createKey, type GivenKey } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';

const FIELDS = 'id name scopes expiresAt metadata tenantOwner: owner { id }';
const CREATE = createKey(FIELDS);
const READ = `query ($id: ID!) { apiKey(id: $id) { ${FIELDS} } }`;
const GOOD = { name: 'x', scopes: ['devices:read'] };

let api: TestPortal;
let key: GivenKey;
let foreign: GivenKey;
let aftermath: Aftermath;

describe('members of an input', () => {
  beforeAll(async () => {
    api = await TestPortal.start();
    [key, foreign] = [await api.given.apiKey(), await api.given.apiKey()];
    aftermath = await Aftermath.begin(api, key);
  });
  afterEach(() => aftermath.ofRow());
  afterAll(async () => {
    await aftermath.ofTable();
    aftermath.end();
    await api.stop();
  });

  const ask = (query: string, variables: Record<string, unknown>) =>
    aftermath.of(() => api.query(query, { session: key.admin.session, variables }));
  /** Sends a body whose numbers, repeated keys or depth no object could stand for. */
  const send = (body: string) => aftermath.of(() => api.send(body, { session: key.admin.session }));
  const sendMetadata = (metadata: string) =>
    send(
      `{"query":${JSON.stringify(CREATE)},"variables":{"input":{"name":"x","scopes":["devices:read"],"metadata":${metadata}}}}`,
    );
  const madeBy = (answer: Answer) => answer.at<Record<string, unknown> & { id: string }>('createApiKey.apiKey');

  /** What was made is what a later read shows, and the rows are kept as they are now. */
  async function expectKept(made: { id: string }): Promise<void> {
    expect((await ask(READ, { id: made.id })).at('apiKey')).toEqual(made);
    await aftermath.keepRows();
  }
  function expectRefused(answer: Answer, expected: Exclude<Expected, { ok: true }>): void {
    expect([answer.status, answer.code]).toEqual([expected.status ?? 200, expected.code]);
    if (expected.problem) expect(problemsShown(answer)).toContain(expected.problem);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  }

  it.each(CREATE_ROWS)('$id $what', async ({ input, expected }) => {
    const answer = await ask(CREATE, { input: { ...GOOD, ...input } });
    if (!('ok' in expected)) return expectRefused(answer, expected);
    const made = madeBy(answer);
    expect(made['name']).toBe(input['name'] ?? GOOD.name);
    if (input['metadata']) expect(made['metadata']).toEqual(input['metadata']);
    if (!input['expiresAt']) expect(made['expiresAt']).toBeNull();
    await expectKept(made);
  });

  it('D22 digits beyond the millisecond are cut off, in the answer and in later reads', async () => {
    const answer = await ask(CREATE, { input: { ...GOOD, expiresAt: '2030-01-01T00:00:00.123987Z' } });
    expect(madeBy(answer)['expiresAt']).toBe('2030-01-01T00:00:00.123Z');
    await expectKept(madeBy(answer));
  });

  const byLiteral = (member: string) =>
    ask(
      `mutation { createApiKey(input: { name: "x", scopes: ["devices:read"], metadata: { ${member} } }) {
        apiKey { id name scopes expiresAt metadata tenantOwner: owner { id } } } }`,
      {},
    );

  it.each([
    ['{ __proto__: { x: 1 } }', '__proto__'],
    ['{ constructor: { prototype: { x: 1 } } }', 'constructor.prototype'],
  ])(
    'D25 metadata { a: %s } in the document is refused like a variable, and changes no prototype',
    async (value, at) => {
      const answer = await byLiteral(`a: ${value}`);
      expectRefused(answer, { code: 'BAD_USER_INPUT', problem: `input.metadata.a.${at}:MALFORMED` });
      expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    },
  );

  it.each(['1e400', '9007199254740993', '-0', '1e-400', '0.30000000000000004441', '1'.repeat(400), '1'.repeat(90_000)])(
    'D30 metadata with the number %.20s, which cannot be kept as it is, is refused by variable and by literal',
    async (number) => {
      const refused = { code: 'BAD_USER_INPUT', problem: 'input.metadata:MALFORMED' };
      expectRefused(
        await sendMetadata(`{"a":${number}}`),
        number.length > 9_000 ? { code: 'BAD_USER_INPUT' } : refused,
      );
      expectRefused(await byLiteral(`a: ${number}`), number.length > 9_000 ? { code: 'BAD_USER_INPUT' } : refused);
    },
  );

  it.each(['0.1', '1.50', '1e2', '2.5e-300', '0.30000000000000004'])(
    'D30 metadata with the number %s is kept, by variable and by literal',
    async (number) => {
      for (const answer of [await sendMetadata(`{"a":${number}}`), await byLiteral(`a: ${number}`)])
        expect(madeBy(answer)['metadata']).toEqual({ a: Number(number) });
    },
  );

  it('D30 metadata is the same by variable, by literal and by a default, where a key is made and where it is changed', async () => {
    const metadata = '{ a: [1, 0.5, true, null, "x", { b: "y" }] }';
    const value = { a: [1, 0.5, true, null, 'x', { b: 'y' }] };
    const made = madeBy(await byLiteral(metadata.slice(1, -1)));
    expect(made['metadata']).toEqual(value);
    const update = (argument: string, variables: Record<string, unknown> = {}, head = '') =>
      ask(
        `mutation ${head} { updateApiKey(input: { id: "${made.id}", metadata: ${argument} }) { apiKey { version metadata } } }`,
        variables,
      );
    const same = { version: 1, metadata: value };
    for (const answer of [
      await update(metadata),
      await update('$m', { m: value }, '($m: JSONObject)'),
      await update('$m', {}, `($m: JSONObject = ${metadata})`),
    ])
      expect(answer.at('updateApiKey.apiKey')).toEqual(same);
    const refused = { code: 'BAD_USER_INPUT', problem: 'input.metadata:MALFORMED' };
    expectRefused(await update('{ a: 1e-400 }'), refused);
    expectRefused(await update('$m', {}, '($m: JSONObject = { a: 1e-400 })'), refused);
    await aftermath.keepRows();
  });

  it.each([5_000, 12_000])('D28 metadata of %i levels is refused', async (depth) => {
    const answer = await sendMetadata(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    expectRefused(answer, { code: 'BAD_USER_INPUT', problem: 'input.metadata:OUT_OF_RANGE' });
  });

  it.each([
    ['D28', '40,000 levels', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
    ['D30', 'a number of 200,000 digits', `{"a":${'1'.repeat(200_000)}}`],
  ])('%s metadata with %s is too large to be parsed', async (_, _what, metadata) => {
    expect((await sendMetadata(metadata)).status).toBe(413);
  });

  it('D31 the last of repeated members counts, in the answer and in later reads', async () => {
    const made = madeBy(await sendMetadata('{"a":1,"a":2}'));
    expect(made['metadata']).toEqual({ a: 2 });
    await expectKept(made);
  });

  describe('D33 another tenant', () => {
    it('D33 a tenant in the URL changes nothing', async () => {
      const response = await fetch(`${api.url}/graphql?tenantId=${foreign.tenant.id}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key.admin.session}` },
        body: JSON.stringify({ query: '{ viewer { tenant { id } } }' }),
      });
      expect(await response.json()).toEqual({ data: { viewer: { tenant: { id: key.tenant.id } } } });
    });

    it.each(['session', 'key'] as const)('D33 another tenant in X-Tenant-Id beside a %s is refused', async (kind) => {
      const credential = kind === 'key' ? { key: key.secret } : { session: key.admin.session };
      const headers = { 'x-tenant-id': foreign.tenant.id };
      const answer = await aftermath.of(() =>
        api.query(CREATE, { ...credential, variables: { input: GOOD }, headers }),
      );
      expect([answer.status, answer.reason]).toEqual([403, 'WRONG_TENANT']);
    });
  });

  it('D13 scopes beyond the role of the owner make no key, and the error names each of them', async () => {
    const owner = await api.given.user({ tenant: key.tenant, role: 'VIEWER' });
    await aftermath.keepRows();
    const scopes = ['devices:write', 'alerts:read', 'firmware:write'];
    const answer = await ask(CREATE, { input: { name: 'x', scopes, ownerId: owner.id } });
    expect(problemsShown(answer)).toEqual(['input.scopes.0:SCOPE_NOT_GRANTABLE', 'input.scopes.2:SCOPE_NOT_GRANTABLE']);
  });

  /** A session that was used before: the first use binds its user to it. */
  async function sessionOf(role: 'VIEWER' | 'OPERATOR'): Promise<{ session: string }> {
    const { session } = await api.given.user({ tenant: key.tenant, role });
    await api.query('{ viewer { kind } }', { session });
    return { session };
  }

  it.each([
    ['D13, D63 a key, whatever its scopes,', async () => ({ key: key.secret }), 403, 'SESSION_REQUIRED'],
    ['D63 a session of a viewer', () => sessionOf('VIEWER'), 200, 'MEMBER_KEYS_OFF'],
    ['D63 a session of an operator', () => sessionOf('OPERATOR'), 200, 'MEMBER_KEYS_OFF'],
  ] as const)('%s cannot make keys', async (_, caller, status, reason) => {
    const credential = await caller();
    await aftermath.keepRows();
    const answer = await aftermath.of(() => api.query(CREATE, { ...credential, variables: { input: GOOD } }));
    expect([answer.status, answer.reason]).toEqual([status, reason]);
    await aftermath.ofTable();
  });
});
