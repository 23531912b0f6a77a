import { jest } from '@jest/globals';
import { ApiKeyFormat } from '#api-keys';
import type { Answer } from '../support/answer.js';
import type { GivenKey } from '../support/given.js';
import { askKeys, EVIDENCE, keyIn } from '../support/key-operations.js';
import type { TestPortal } from '../support/test-portal.js';
import { withChecksum } from '../support/unknown-key.js';
import { useTwoInstances } from '../support/hooks.js';

const DEVICES = '{ devices(first: 1) { nodes { id } } }';

/** Another secret that starts as this one does, its checksum right. */
function secretLike(secret: string): string {
  return withChecksum(secret.slice(0, 9) + secret.slice(10, 48) + secret.charAt(9));
}

describe('edges of a rotation', () => {
  let api: TestPortal;
  let other: TestPortal;
  useTwoInstances((instances) => ({ one: api, other } = instances));

  const rotate = (key: string, at = api) => askKeys(at, 'rotateApiKey', { input: {} }, { key });
  const secretIn = (answer: Answer) => answer.at<string>('rotateApiKey.secret');
  const evidence = async (id: string) => (await api.database.sql(EVIDENCE, [id]))[0];
  const complete = ({ id, admin: { session } }: GivenKey) =>
    askKeys(api, 'completeApiKeyRotation', { id, force: true }, { session });
  const reportAsLeaked = (_: GivenKey, secret: string) => askKeys(api, 'reportLeakedApiKey', { key: secret });

  it.each([
    ['the overlap was completed', complete],
    ['the key was reported as leaked', reportAsLeaked],
  ])('a rotation that waited is refused to a secret that ended meanwhile: %s', async (_, end) => {
    const given = await api.given.apiKey();
    const newest = secretIn(await rotate(given.secret));
    const lock = `select pg_advisory_xact_lock(hashtextextended('policy of tenant ${given.tenant.id}', 0))`;
    const { late } = await api.database.holding(lock, async () => {
      const late = rotate(given.secret, other);
      await api.database.someoneWaits();
      expect((await end(given, newest)).errors).toEqual([]);
      return { late };
    });
    expect([(await late).code, (await late).reason]).toEqual(['UNAUTHENTICATED', 'REVOKED_KEY']);
    expect((await evidence(given.id))?.['secrets']).toBe(1);
  });

  it('an update that shortens a key ends the old secret of its rotation, even when the key is later revived', async () => {
    const given = await api.given.apiKey();
    const { session } = given.admin;
    const update = (hours: number) => {
      const expiresAt = new Date(Date.now() + hours * 3_600_000).toISOString();
      return askKeys(api, 'updateApiKey', { input: { id: given.id, expiresAt } }, { session });
    };
    await rotate(given.secret);
    const shortened = keyIn(await update(2), 'updateApiKey');
    expect([shortened.rotation?.previousExpiresAt, shortened.version]).toEqual([shortened.expiresAt, 3]);
    await api.database.sql(
      `update api_keys set expires_at = expires_at - interval '3 h',
       previous_expires_at = previous_expires_at - interval '3 h' where id = $1`,
      [given.id],
    );
    const revived = keyIn(await update(2), 'updateApiKey');
    expect([revived.status, revived.rotation]).toEqual(['ACTIVE', null]);
    expect((await api.query(DEVICES, { key: given.secret })).reason).toBe('REVOKED_KEY');
  });

  it('a rotation works when the new secret looks like the one before', async () => {
    const given = await api.given.apiKey();
    const lost = secretIn(await rotate(given.secret));
    const alike = secretLike(lost);
    const mint = jest.spyOn(api.app.get(ApiKeyFormat, { strict: false }), 'mint').mockReturnValueOnce(alike);
    const retried = await rotate(given.secret);
    mint.mockRestore();
    expect([secretIn(retried), retried.at('rotateApiKey.apiKey.version')]).toEqual([alike, 3]);
    for (const at of [api, other]) {
      expect((await at.query(DEVICES, { key: alike })).code).toBeUndefined();
      expect((await at.query(DEVICES, { key: lost })).reason).toBe('REVOKED_KEY');
    }
  });
});
