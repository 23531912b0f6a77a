import { CREATE_KEY } from '../support/given.js';
import { askKeys, keyIn } from '../support/key-operations.js';
import type { TestPortal } from '../support/test-portal.js';
import { useTwoInstances } from '../support/hooks.js';

describe('idempotent creation', () => {
  let api: TestPortal;
  let other: TestPortal;
  useTwoInstances((instances) => ({ one: api, other } = instances));

  const INPUT = { name: 'CI', scopes: ['devices:read'], metadata: { b: 1, a: 2 }, idempotencyKey: 'deploy-7' };
  const create = (session: string, input: Record<string, unknown> = {}, at = api) =>
    askKeys(at, 'createApiKey', { input: { ...INPUT, ...input } }, { session });
  const keysOf = async (tenantId: string | null) =>
    (
      await api.database.sql<{ count: number }>('select count(*)::int from api_keys where tenant_id = $1', [tenantId])
    )[0]?.count;

  it('D57 a creation sent again gives the same key and no secret', async () => {
    const { session, tenantId } = await api.given.user();
    const first = await create(session);
    const again = await create(session, { metadata: { a: 2, b: 1 }, description: null }, other);
    expect(first.at('createApiKey.secret')).toEqual(expect.any(String));
    expect(again.at('createApiKey.secret')).toBeNull();
    expect(keyIn(again, 'createApiKey')).toEqual(keyIn(first, 'createApiKey'));
    expect(await keysOf(tenantId)).toBe(1);
  });

  it.each([{ name: 'CI 2' }, { scopes: ['config:read'] }, { metadata: { b: 1 } }, { description: 'x' }])(
    'D57 the same idempotency key with another input is a conflict: %j',
    async (change) => {
      const { session, tenantId } = await api.given.user();
      await create(session);
      const answer = await create(session, change);
      expect([answer.status, answer.code, answer.reason]).toEqual([200, 'CONFLICT', 'ALREADY_EXISTS']);
      expect(await keysOf(tenantId)).toBe(1);
    },
  );

  it.each([
    ['an object and a list of its members', { a: { b: 1 } }, { a: [['b', 1]] }],
    ['null and nothing', { a: null }, {}],
    ['null and nothing, deeper', { a: { b: null } }, { a: {} }],
  ])('an idempotency key distinguishes %s in the metadata', async (_, metadata, otherMetadata) => {
    const { session } = await api.given.user();
    await create(session, { metadata });
    expect((await create(session, { metadata })).at('createApiKey.secret')).toBeNull();
    expect((await create(session, { metadata: otherMetadata })).reason).toBe('ALREADY_EXISTS');
  });

  it('D58 an idempotency key holds for one caller, and for a day', async () => {
    const [mine, theirs] = [await api.given.user(), await api.given.user()];
    const colleague = await api.given.user({ tenant: { id: String(mine.tenantId), name: '' } });
    const first = keyIn(await create(mine.session), 'createApiKey');
    for (const { session } of [theirs, colleague])
      expect(keyIn(await create(session, { name: 'X' }), 'createApiKey').id).not.toBe(first.id);
    await api.database.sql(`update api_keys set created_at = now() - interval '24 hours 1 s' where id = $1`, [
      first.id,
    ]);
    const next = await create(mine.session, { name: 'tomorrow' });
    expect(keyIn(next, 'createApiKey').id).not.toBe(first.id);
    expect(next.at('createApiKey.secret')).toEqual(expect.any(String));
  });

  it.each([
    ['', 'TOO_SHORT'],
    ['x'.repeat(201), 'TOO_LONG'],
    ['a\u0000b', 'MALFORMED'],
  ])('a malformed idempotency key is refused: %j', async (idempotencyKey, code) => {
    const { session, tenantId } = await api.given.user();
    const answer = await create(session, { idempotencyKey });
    expect(answer.problems).toMatchObject([{ path: ['input', 'idempotencyKey'], code }]);
    expect(await keysOf(tenantId)).toBe(0);
  });

  it('a creation with an idempotency key reports all other problems, however deep', async () => {
    const { session, tenantId } = await api.given.user();
    const metadata = `${'{"a":'.repeat(5_000)}{}${'}'.repeat(5_000)}`;
    const input = `{"name":"ci","scopes":["devices:read"],"idempotencyKey":"deep","metadata":${metadata}}`;
    const deep = await api.send(`{"query":${JSON.stringify(CREATE_KEY)},"variables":{"input":${input}}}`, { session });
    expect([deep.status, deep.problemCodes]).toEqual([200, [['input.metadata', 'OUT_OF_RANGE']]]);
    const several = await create(session, { idempotencyKey: '', name: '', scopes: ['nope'] });
    expect(several.problemCodes.map(([path]) => path).sort()).toEqual([
      'input.idempotencyKey',
      'input.name',
      'input.scopes.0',
    ]);
    expect(await keysOf(tenantId)).toBe(0);
  });

  it('simultaneous creations with one idempotency key make one key, on all instances together', async () => {
    const { session, tenantId } = await api.given.user();
    await Promise.all([api, other].map((at) => at.query('{ viewer { kind } }', { session })));
    for (let round = 1; round <= 5; round++) {
      const ask = (n: number) => create(session, { idempotencyKey: `round ${round}` }, n % 2 ? api : other);
      const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => ask(n)));
      expect(new Set(answers.map((answer) => keyIn(answer, 'createApiKey').id)).size).toBe(1);
      expect(answers.filter((answer) => answer.at('createApiKey.secret') !== null)).toHaveLength(1);
      expect(await keysOf(tenantId)).toBe(round);
    }
  });
});
