import type { TestPortal } from '../support/test-portal.js';
import type { GivenKey } from '../support/given.js';
import { askKeys, EVIDENCE, keyIn } from '../support/key-operations.js';
import { useTwoInstances } from '../support/hooks.js';

const DEVICES = '{ devices(first: 1) { nodes { id } } }';

describe('end of a rotation by hand', () => {
  let api: TestPortal;
  let other: TestPortal;
  useTwoInstances((instances) => ({ one: api, other } = instances));

  const rotated = async (given: GivenKey): Promise<string> => {
    const answer = await askKeys(api, 'rotateApiKey', { input: { id: given.id } }, { session: given.admin.session });
    return answer.at('rotateApiKey.secret');
  };
  const use = async (secret: string) => (await api.query(DEVICES, { key: secret })).reason;
  const evidence = async (id: string) => (await api.database.sql(EVIDENCE, [id]))[0];
  const complete = (given: GivenKey, variables: { force?: boolean } = {}) =>
    askKeys(other, 'completeApiKeyRotation', { id: given.id, ...variables }, { session: given.admin.session });

  it('the end of a rotation is refused while nobody has used the new secret, and changes nothing, unless it is forced', async () => {
    const given = await api.given.apiKey();
    const secret = await rotated(given);
    await use(given.secret);
    const before = await evidence(given.id);
    for (const refused of [await complete(given), await complete(given, { force: false })]) {
      expect([refused.status, refused.code, refused.reason]).toEqual([200, 'CONFLICT', 'NEW_SECRET_UNUSED']);
      expect(refused.body.data).toEqual({ completeApiKeyRotation: null });
    }
    expect(await evidence(given.id)).toEqual(before);
    expect(await use(given.secret)).toBeUndefined();
    expect(keyIn(await complete(given, { force: true }), 'completeApiKeyRotation')).toMatchObject({ rotation: null });
    expect([await use(secret), await use(given.secret)]).toEqual([undefined, 'REVOKED_KEY']);
  });

  it('the end of a rotation needs a use of the newest secret: a use of a replaced secret does not count', async () => {
    const given = await api.given.apiKey();
    await rotated(given);
    const second = await rotated(given);
    expect((await complete(given)).reason).toBe('NEW_SECRET_UNUSED');
    await use(second);
    const third = await rotated(given);
    expect((await complete(given)).reason).toBe('NEW_SECRET_UNUSED');
    await use(third);
    expect(keyIn(await complete(given), 'completeApiKeyRotation').rotation).toBeNull();
  });

  it('the end of a rotation whose overlap is over needs no use of the new secret, and may be repeated', async () => {
    const given = await api.given.apiKey();
    await rotated(given);
    await api.database.sql(`update api_keys set previous_expires_at = now() - interval '1 ms' where id = $1`, [
      given.id,
    ]);
    for (const answer of [await complete(given), await complete(given, { force: true })])
      expect(keyIn(answer, 'completeApiKeyRotation')).toMatchObject({ rotation: null, version: 2 });
  });

  it('the end of a rotation knows a use of the new secret at once, on another instance and before uses are written', async () => {
    const given = await api.given.apiKey();
    const secret = await rotated(given);
    await use(secret);
    expect(keyIn(await complete(given), 'completeApiKeyRotation')).toMatchObject({ rotation: null, version: 3 });
  });
});
