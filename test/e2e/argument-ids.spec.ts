import { randomUUID } from 'node:crypto';
import { Aftermath } from '../support/aftermath.js';
import type { GivenKey, GivenUser } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';

const NOWHERE = '00000000-0000-0000-0000-000000000000';
const BY_ID = {
  get: 'query ($id: ID!) { apiKey(id: $id) { id } }',
  revoke: 'mutation ($id: ID!) { revokeApiKeys(input: { ids: [$id] }) { apiKeys { id } } }',
  rotate: 'mutation ($id: ID!) { rotateApiKey(input: { id: $id }) { apiKey { id } } }',
  update: 'mutation ($id: ID!) { updateApiKey(input: { id: $id, name: "y" }) { apiKey { id } } }',
  suspend: 'mutation ($id: ID!) { suspendApiKey(id: $id) { apiKey { id } } }',
  resume: 'mutation ($id: ID!) { resumeApiKey(id: $id) { apiKey { id } } }',
  complete: 'mutation ($id: ID!) { completeApiKeyRotation(id: $id, force: true) { apiKey { id } } }',
  transfer: 'mutation ($id: ID!, $owner: ID!) { transferApiKey(id: $id, ownerId: $owner) { apiKey { id } } }',
};

let api: TestPortal;
let key: GivenKey;
let foreign: GivenKey;
let operator: GivenUser;
let aftermath: Aftermath;

describe('ids as arguments', () => {
  beforeAll(async () => {
    api = await TestPortal.start();
    [key, foreign] = [await api.given.apiKey(), await api.given.apiKey()];
    operator = await api.given.user({ tenant: key.tenant, role: 'OPERATOR' });
    // The first use of a session binds its user to it.
    await api.query('{ viewer { kind } }', { session: operator.session });
    aftermath = await Aftermath.begin(api, key);
  });
  afterAll(async () => {
    aftermath.end();
    await api.stop();
  });

  const ask = (query: string, id: unknown, session = key.admin.session, headers = {}) =>
    aftermath.of(() => api.query(query, { session, variables: { id, owner: operator.id }, headers }));

  describe.each(Object.entries(BY_ID))('%s by an id', (_, document) => {
    beforeAll(() => aftermath.keepRows());
    afterEach(() => aftermath.ofRow());

    describe('refused ids', () => {
      afterAll(() => aftermath.ofTable());

      it.each([
        ['D34', 'not-a-uuid', 200],
        ['D34', '', 200],
        ['D34', 'x'.repeat(10_240), 200],
        ['D34', 0, 200],
        ['D34', [NOWHERE], 400],
        ['D34', { id: NOWHERE }, 400],
        ['D34', {}, 400],
        ['D34', null, 400],
        ['D35', `{${NOWHERE}}`, 200],
        ['D35', NOWHERE.replaceAll('-', ''), 200],
        ['D35', ` ${NOWHERE} `, 200],
      ])('%s the id %.50j is bad input, never a bug', async (_id, id, status) => {
        const answer = await ask(document, id);
        expect([answer.status, answer.code]).toEqual([status, 'BAD_USER_INPUT']);
      });

      it('D36 the nil id, an unknown id and an id of another tenant get the same answer', async () => {
        const same = { 'x-request-id': 'same' };
        const ids = [NOWHERE, randomUUID(), foreign.id];
        const texts: string[] = [];
        for (const id of ids) texts.push((await ask(document, id, undefined, same)).text);
        expect(new Set(texts).size).toBe(1);
      });

      it("D37 another's key of the own tenant is for a caller who is no admin what an unknown one is", async () => {
        const same = { 'x-request-id': 'same' };
        const answer = await ask(document, key.id, operator.session, same);
        if (document.includes('transferApiKey'))
          return expect([answer.status, answer.reason]).toEqual([403, 'ROLE_REQUIRED']);
        expect([answer.status, answer.code]).toEqual([200, document.startsWith('query') ? undefined : 'NOT_FOUND']);
        expect(answer.text).toBe((await ask(document, NOWHERE, operator.session, same)).text);
      });
    });

    it('D35 an id in upper case means the same as in lower case', async () => {
      const { id } = await api.given.apiKey({ tenant: key.tenant });
      const rotate = 'mutation ($id: ID!) { rotateApiKey(input: { id: $id }) { apiKey { id } } }';
      if (document === BY_ID.complete) await ask(rotate, id);
      const answer = await ask(document, id.toUpperCase());
      expect([answer.status, answer.errors]).toEqual([200, []]);
      expect(answer.text).toContain(`"id":"${id}"`);
    });
  });

  it('D51 a key revoked twice, or ten times in one request, is revoked once, with one receipt and one event', async () => {
    const { id } = await api.given.apiKey({ tenant: key.tenant });
    const fields = Array.from(
      { length: 10 },
      (_, n) => `r${n}: revokeApiKeys(input: { ids: ["${id}"] }) { apiKeys { revokedAt } }`,
    );
    const revoke = async () => Object.values((await ask(`mutation { ${fields.join(' ')} }`, id)).data);
    const receipts = [...(await revoke()), ...(await revoke())];
    expect(new Set(receipts.map((value) => JSON.stringify(value))).size).toBe(1);
    const events = await api.database.sql(`select from api_key_events where api_key_id = $1 and kind = 'REVOKED'`, [
      id,
    ]);
    expect(events).toHaveLength(1);
  });

  it('D52 an expired key can be revoked and not rotated; a revoked key can neither be changed nor rotated', async () => {
    const { id } = await api.given.apiKey({ tenant: key.tenant });
    await api.database.sql(`update api_keys set expires_at = now() - interval '1 hour' where id = $1`, [id]);
    const rotated = await ask(BY_ID.rotate, id);
    expect([rotated.code, rotated.errors[0]?.extensions['status']]).toEqual(['CONFLICT', 'EXPIRED']);
    expect((await ask(BY_ID.revoke, id)).errors).toEqual([]);
    for (const document of [BY_ID.rotate, BY_ID.update]) {
      const answer = await ask(document, id);
      expect([answer.code, answer.errors[0]?.extensions['status']]).toEqual(['CONFLICT', 'REVOKED']);
    }
  });

  it.each<[unknown, number]>([
    [-1, 200],
    [2_147_483_648, 400],
    [1.5, 400],
    ['1h', 400],
    [null, 400],
  ])('D53 an overlap of %j is refused', async (overlapSeconds, status) => {
    await aftermath.keepRows();
    const query = 'mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { secret } }';
    const variables = { input: { id: key.id, overlapSeconds } };
    const answer = await aftermath.of(() => api.query(query, { session: key.admin.session, variables }));
    expect([answer.status, answer.code]).toEqual([status, 'BAD_USER_INPUT']);
    await aftermath.ofTable();
  });

  it('D62 a key that revokes itself gets that one answer and is refused from then on', async () => {
    const { secret } = await api.given.apiKey();
    const ended = await api.query('mutation { revokeCurrentApiKey { apiKey { status } } }', { key: secret });
    expect(ended.at('revokeCurrentApiKey.apiKey.status')).toBe('REVOKED');
    const refused = await api.query('{ viewer { kind } }', { key: secret });
    expect([refused.status, refused.reason]).toEqual([401, 'REVOKED_KEY']);
  });
});
