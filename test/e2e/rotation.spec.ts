import { UseRecorder } from '#api-keys';
import type { TestPortal } from '../support/test-portal.js';
import type { GivenKey } from '../support/given.js';
import { type AnsweredKey, askKeys, EVIDENCE, keyIn } from '../support/key-operations.js';
import { useTwoInstances } from '../support/hooks.js';
import { DAY_MS, HOUR_MS, HOUR_SECONDS } from '../support/durations.js';

const DEVICES = '{ devices(first: 1) { nodes { id } } }';

describe('rotation', () => {
  let api: TestPortal;
  let other: TestPortal;
  useTwoInstances((instances) => ({ one: api, other } = instances));

  const rotate = (by: { key?: string; session?: string }, input: Record<string, unknown> = {}, at = api) =>
    askKeys(at, 'rotateApiKey', { input }, by);
  const rotated = async (...ask: Parameters<typeof rotate>): Promise<{ secret: string; key: AnsweredKey }> => {
    const answer = await rotate(...ask);
    return { secret: answer.at('rotateApiKey.secret'), key: keyIn(answer, 'rotateApiKey') };
  };
  /** What both instances answer to a use of this secret: undefined where it works. */
  const uses = async (secret: string) => {
    const answers = [await api.query(DEVICES, { key: secret }), await other.query(DEVICES, { key: secret })];
    expect(answers[1]?.reason).toBe(answers[0]?.reason);
    return answers[0]?.reason;
  };
  const endOverlap = async (key: GivenKey) => {
    await api.database.sql(`update api_keys set previous_expires_at = now() - interval '1 ms' where id = $1`, [key.id]);
    await api.caughtUp();
  };
  const evidence = async (id: string) => (await api.database.sql(EVIDENCE, [id]))[0];

  it('a rotation opens the same key with a new secret at once, and with the old secret until the overlap ends', async () => {
    const given = await api.given.apiKey();
    const { secret, key } = await rotated(
      { session: given.admin.session },
      { id: given.id, overlapSeconds: HOUR_SECONDS },
    );
    expect([key.id, key.version, key.keyPrefix]).toEqual([given.id, 2, secret.slice(0, 9)]);
    expect(key.rotation).toMatchObject({ previousKeyPrefix: given.secret.slice(0, 9), newFirstUsedAt: null });
    const { startedAt = '', previousExpiresAt = '' } = key.rotation ?? {};
    expect(Date.parse(previousExpiresAt) - Date.parse(startedAt)).toBe(HOUR_MS);
    expect([await uses(secret), await uses(given.secret)]).toEqual([undefined, undefined]);
    await endOverlap(given);
    expect([await uses(secret), await uses(given.secret)]).toEqual([undefined, 'REVOKED_KEY']);
    const after = keyIn(await askKeys(api, 'apiKey', { id: given.id }, { session: given.admin.session }), 'apiKey');
    expect([after.rotation, after.version]).toEqual([null, 2]);
  });

  it('a rotated key shows when the new secret was first used, and this is written once', async () => {
    const given = await api.given.apiKey();
    const { secret } = await rotated({ session: given.admin.session }, { id: given.id });
    await uses(given.secret);
    const ask = () => askKeys(api, 'apiKey', { id: given.id }, { session: given.admin.session });
    expect(keyIn(await ask(), 'apiKey').rotation?.newFirstUsedAt).toBeNull();
    await uses(secret);
    const firstUsedAt = keyIn(await ask(), 'apiKey').rotation?.newFirstUsedAt;
    expect(firstUsedAt).toEqual(expect.any(String));
    const statements = await api.sqlOf(() => api.query(DEVICES, { key: secret }));
    expect(statements.filter((statement) => /^\s*update/i.test(statement))).toEqual([]);
    const after = keyIn(await ask(), 'apiKey');
    expect([after.rotation?.newFirstUsedAt, after.version]).toEqual([firstUsedAt, 2]);
  });

  it('a rotated key shows when the old secret was last used, whatever the new one does', async () => {
    const given = await api.given.apiKey();
    await uses(given.secret);
    const { secret } = await rotated({ session: given.admin.session }, { id: given.id });
    const previousUse = async (presented: string) => {
      await api.query(DEVICES, { key: presented });
      await api.app.get(UseRecorder, { strict: false }).flush();
      const answer = await askKeys(api, 'apiKey', { id: given.id }, { session: given.admin.session });
      return keyIn(answer, 'apiKey').rotation?.previousLastUsedAt ?? null;
    };
    const first = await previousUse(given.secret);
    expect(first).toEqual(expect.any(String));
    expect(await previousUse(secret)).toBe(first);
    expect(Date.parse((await previousUse(given.secret)) ?? '')).toBeGreaterThan(Date.parse(first ?? ''));
  });

  it('a use of the secret before a rotation does not count as a use of its successor that nobody has used', async () => {
    const given = await api.given.apiKey();
    const { session } = given.admin;
    await rotated({ session }, { id: given.id });
    await uses(given.secret);
    await api.app.get(UseRecorder, { strict: false }).flush();
    await endOverlap(given);
    const { key } = await rotated({ session }, { id: given.id });
    expect(key.rotation?.previousLastUsedAt).toBeNull();
  });

  it.each([
    ['D54 overlapSeconds: 0 ends the old secret at once', { overlapSeconds: 0 }],
    ['completing the rotation ends it', { overlapSeconds: HOUR_SECONDS }],
  ])('after a rotation the old secret ends on every instance: %s', async (_, input) => {
    const given = await api.given.apiKey();
    const { secret } = await rotated({ session: given.admin.session }, { id: given.id, ...input });
    if (input.overlapSeconds > 0) {
      await uses(secret);
      const answer = await askKeys(other, 'completeApiKeyRotation', { id: given.id }, { session: given.admin.session });
      expect(keyIn(answer, 'completeApiKeyRotation')).toMatchObject({ rotation: null, version: 3 });
    }
    expect([await uses(secret), await uses(given.secret)]).toEqual([undefined, 'REVOKED_KEY']);
  });

  it("D55 the overlap never outlives the key's expiry or the longest overlap, and the answer shows the cut", async () => {
    const expiresAt = new Date(Date.now() + 120_000).toISOString();
    const short = await api.given.apiKey({ expiresAt });
    const cut = await rotated({ session: short.admin.session }, { id: short.id, overlapSeconds: HOUR_SECONDS });
    expect(cut.key.rotation?.previousExpiresAt).toBe(expiresAt);
    const given = await api.given.apiKey();
    const { key } = await rotated({ session: given.admin.session }, { id: given.id, overlapSeconds: 2_147_483_647 });
    const { startedAt = '', previousExpiresAt = '' } = key.rotation ?? {};
    expect(Date.parse(previousExpiresAt) - Date.parse(startedAt)).toBe(7 * DAY_MS);
  });

  it('D56 a rotation whose answer was lost is retried with the old secret, and replaces only the unused new secret', async () => {
    const given = await api.given.apiKey();
    const lost = await rotated({ key: given.secret });
    const found = await rotated({ key: given.secret }, {}, other);
    expect(found.key.rotation).toMatchObject({
      previousKeyPrefix: given.secret.slice(0, 9),
      startedAt: lost.key.rotation?.startedAt,
      previousExpiresAt: lost.key.rotation?.previousExpiresAt,
    });
    expect([await uses(lost.secret), await uses(given.secret), await uses(found.secret)]).toEqual([
      'REVOKED_KEY',
      undefined,
      undefined,
    ]);
  });

  it('D56 the old secret cannot rotate once the new secret is used; another rotation by the new secret ends the old one', async () => {
    const given = await api.given.apiKey();
    const second = await rotated({ key: given.secret });
    await other.query(DEVICES, { key: second.secret });
    const before = await evidence(given.id);
    const refused = await rotate({ key: given.secret });
    expect([refused.status, refused.code, refused.reason]).toEqual([200, 'CONFLICT', 'INVALID_STATE']);
    expect(await evidence(given.id)).toEqual(before);
    const third = await rotated({ key: second.secret });
    expect(third.key.rotation?.previousKeyPrefix).toBe(second.secret.slice(0, 9));
    expect([await uses(given.secret), await uses(second.secret), await uses(third.secret)]).toEqual([
      'REVOKED_KEY',
      undefined,
      undefined,
    ]);
  });

  it.each(['another', 'unknown', 'malformed', ''])(
    'the rotation of %s id by a key needs a session, whatever the id',
    async (kind) => {
      const [given, theirs] = [await api.given.apiKey(), await api.given.apiKey()];
      const ids: Record<string, string> = { another: theirs.id, unknown: '00000000-0000-4000-8000-000000000000' };
      const answer = await rotate({ key: given.secret }, { id: ids[kind] ?? kind });
      expect([answer.status, answer.code, answer.reason]).toEqual([200, 'FORBIDDEN', 'SESSION_REQUIRED']);
      expect(answer.body.data).toEqual({ rotateApiKey: null });
    },
  );

  it('a key that rotates itself may name its own id, in either case', async () => {
    const given = await api.given.apiKey();
    expect((await rotated({ key: given.secret }, { id: given.id.toUpperCase() })).key.version).toBe(2);
  });

  it.each([
    ['no id', {}, 'REQUIRED', ['input', 'id']],
    ['a malformed id', { id: 'x' }, 'MALFORMED', ['input', 'id']],
    ['a negative overlap', { overlapSeconds: -1 }, 'OUT_OF_RANGE', ['input', 'overlapSeconds']],
  ])('a rotation by a session with %s is bad input', async (_, input, code, path) => {
    const given = await api.given.apiKey();
    const named = code === 'OUT_OF_RANGE' ? { id: given.id, ...input } : input;
    const answer = await rotate({ session: given.admin.session }, named);
    expect([answer.status, answer.code]).toEqual([200, 'BAD_USER_INPUT']);
    expect(answer.problems).toMatchObject([{ code, path }]);
    expect(await evidence(given.id)).toMatchObject({ events: 1, secrets: 0 });
  });

  it.each([2_147_483_648, 1.5, '1h', null])(
    'a rotation refuses an overlap of %p before anything runs',
    async (overlapSeconds) => {
      const given = await api.given.apiKey();
      const answer = await rotate({ session: given.admin.session }, { id: given.id, overlapSeconds });
      expect([answer.status, answer.code]).toEqual([400, 'BAD_USER_INPUT']);
      expect(answer.body).not.toHaveProperty('data');
    },
  );

  it('a session below TENANT_ADMIN cannot rotate the key of another user', async () => {
    const given = await api.given.apiKey();
    const { session } = await api.given.user({ tenant: given.tenant, role: 'OPERATOR' });
    const answer = await rotate({ session }, { id: given.id });
    expect([answer.status, answer.code]).toEqual([200, 'NOT_FOUND']);
  });

  it('rotation expects the version that the caller has seen, if the caller sends one', async () => {
    const given = await api.given.apiKey();
    const ask = { session: given.admin.session };
    const refused = await rotate(ask, { id: given.id, expectedVersion: 7 });
    expect([refused.reason, refused.errors[0]?.extensions['currentVersion']]).toEqual(['VERSION_MISMATCH', 1]);
    expect((await rotated(ask, { id: given.id, expectedVersion: 1 })).key.version).toBe(2);
  });

  it('a rotation by a key is recorded as made by this key, and by no user', async () => {
    const given = await api.given.apiKey();
    await rotated({ key: given.secret });
    const [, event] = await api.database.sql(
      'select kind, actor_id, actor_name, actor_key_id, changes from api_key_events where api_key_id = $1 order by at',
      [given.id],
    );
    expect(event).toMatchObject({ kind: 'ROTATED', actor_id: null, actor_name: 'given', actor_key_id: given.id });
    expect(Object.keys(event?.['changes'] as object).sort()).toEqual(['keyPrefix', 'previousExpiresAt']);
  });
});
