import type { Answer } from '../support/answer.js';
import type { GivenKey } from '../support/given.js';
import { askKeys } from '../support/key-operations.js';
import { SET_POLICY } from '../support/key-policy.js';
import type { TestPortal } from '../support/test-portal.js';
import { useTwoInstances } from '../support/hooks.js';

/** Rounds of each race; `RACE_ROUNDS=300 npm test -- key-races --testTimeout=7200000` for a long run. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 4);
/** Of the race of 50 creations. */
const QUOTA_ROUNDS = Math.ceil(ROUNDS / 10);
const DEVICES = '{ devices(first: 1) { nodes { id } } }';

describe('races of two instances', () => {
  let one: TestPortal;
  let other: TestPortal;
  useTwoInstances((instances) => ({ one, other } = instances));

  const rotate = (api: TestPortal, key: GivenKey, by: { key?: string; session?: string }) =>
    askKeys(api, 'rotateApiKey', { input: by.key ? {} : { id: key.id } }, by);
  const secretIn = (answer: Answer) =>
    answer.errors.length > 0 ? undefined : answer.at<string>('rotateApiKey.secret');
  const works = async (secret: string) => (await one.query(DEVICES, { key: secret })).code === undefined;
  /** Kinds of a key's events in their order, and its version: each change has one of either. */
  const kindsOf = async (id: string) => {
    const [row] = await one.database.sql<{ kinds: string[]; version: number }>(
      `select array_agg(kind order by at) as kinds, (select version from api_keys where id = $1) as version
       from api_key_events where api_key_id = $1`,
      [id],
    );
    expect(row?.version).toBe(row?.kinds.length);
    return row?.kinds ?? [];
  };
  const rounds = async (race: (round: number) => Promise<void>) => {
    for (let round = 0; round < ROUNDS; round++) await race(round);
  };

  it('two rotations of a key by its old secret both get an answer, and one new secret works (F28)', async () => {
    await rounds(async () => {
      const key = await one.given.apiKey();
      const answers = await Promise.all([one, other].map((api) => rotate(api, key, { key: key.secret })));
      const secrets = answers.map(secretIn).filter((secret) => secret !== undefined);
      expect(secrets).toHaveLength(2);
      expect(await kindsOf(key.id)).toEqual(['CREATED', 'ROTATED', 'ROTATED']);
      const working = await Promise.all(secrets.map(works));
      expect(working.filter(Boolean)).toHaveLength(1);
      expect(await works(key.secret)).toBe(true);
    });
  });

  it('two rotations by the old secret, one without an overlap, leave the secret of that one working, in either order', async () => {
    await rounds(async (round) => {
      const key = await one.given.apiKey();
      const [ending, lasting] = await Promise.all([
        askKeys(round % 2 ? one : other, 'rotateApiKey', { input: { overlapSeconds: 0 } }, { key: key.secret }),
        rotate(round % 2 ? other : one, key, { key: key.secret }),
      ]);
      const replaced = secretIn(lasting);
      if (ending.code) throw new Error(`Refused: ${ending.text}`);
      expect(await works(String(secretIn(ending)))).toBe(true);
      expect(await works(key.secret)).toBe(false);
      if (replaced === undefined) expect([lasting.code, lasting.reason]).toEqual(['UNAUTHENTICATED', 'REVOKED_KEY']);
      else expect(await works(replaced)).toBe(false);
      expect(await kindsOf(key.id)).toHaveLength(replaced === undefined ? 2 : 3);
    });
  });

  it('a use of the new secret and a rotation by the old secret never replace the used secret', async () => {
    await rounds(async () => {
      const key = await one.given.apiKey();
      const second = String(secretIn(await rotate(one, key, { key: key.secret })));
      const [use, rotation] = await Promise.all([
        other.query(DEVICES, { key: second }),
        rotate(one, key, { key: key.secret }),
      ]);
      const wasUsed = use.code === undefined;
      expect(secretIn(rotation) === undefined).toBe(wasUsed);
      if (wasUsed) expect([rotation.reason, await works(second)]).toEqual(['INVALID_STATE', true]);
      else expect([use.reason, await works(String(secretIn(rotation)))]).toEqual(['REVOKED_KEY', true]);
    });
  });

  it('a rotation and a revocation of one key leave the key revoked, in either order (F29)', async () => {
    await rounds(async (round) => {
      const key = await one.given.apiKey();
      const { session } = key.admin;
      const [rotation, revocation] = await Promise.all([
        rotate(one, key, round % 2 ? { key: key.secret } : { session }),
        askKeys(other, 'revokeApiKeys', { input: { ids: [key.id] } }, { session }),
      ]);
      expect(revocation.at('revokeApiKeys.count')).toBe(1);
      const secret = secretIn(rotation);
      expect(await kindsOf(key.id)).toEqual(secret ? ['CREATED', 'ROTATED', 'REVOKED'] : ['CREATED', 'REVOKED']);
      if (!secret) expect(['REVOKED_KEY', 'INVALID_STATE']).toContain(rotation.reason);
      for (const plaintext of [key.secret, secret ?? key.secret]) expect(await works(plaintext)).toBe(false);
    });
  });

  it('a revocation of all keys of an owner revokes and counts a simultaneous new key, or the key is made afterwards (F29)', async () => {
    await rounds(async () => {
      const first = await one.given.apiKey();
      const { session, id: ownerId } = first.admin;
      const input = { name: 'late', scopes: ['devices:read'] };
      const [creation, revocation] = await Promise.all([
        askKeys(one, 'createApiKey', { input }, { session }),
        askKeys(other, 'revokeApiKeys', { input: { ownerId } }, { session }),
      ]);
      const late = await works(creation.at('createApiKey.secret'));
      expect(revocation.at('revokeApiKeys.count')).toBe(late ? 1 : 2);
      expect(await kindsOf(creation.at('createApiKey.apiKey.id'))).toEqual(late ? ['CREATED'] : ['CREATED', 'REVOKED']);
      expect(await works(first.secret)).toBe(false);
    });
  });

  it('D59 50 creations for the last place of an owner make and record one key', async () => {
    for (let round = 0; round < QUOTA_ROUNDS; round++) {
      const { tenant, admin } = await one.given.apiKey();
      const { session } = admin;
      await one.query(SET_POLICY, { session, variables: { input: { maxKeysPerOwner: 2 } } });
      const input = { name: 'race', scopes: ['devices:read'] };
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          askKeys(index % 2 ? one : other, 'createApiKey', { input }, { session }),
        ),
      );
      const made = answers.filter(({ code }) => code === undefined);
      expect(made).toHaveLength(1);
      const refused = ['input.ownerId', 'POLICY_VIOLATION', 'maxKeysPerOwner'];
      expect(answers.flatMap((answer) => (answer.code ? answer.problemCodes : []))).toEqual(
        Array.from({ length: 49 }, () => refused),
      );
      const [row] = await one.database.sql(
        `select (select count(*)::int from api_keys where tenant_id = $1) as keys,
                (select count(*)::int from api_key_events where tenant_id = $1 and kind = 'CREATED') as events`,
        [tenant.id],
      );
      expect(row).toEqual({ keys: 2, events: 2 });
    }
  });

  it('a key that revokes itself twice is recorded as revoked once (F29)', async () => {
    await rounds(async () => {
      const key = await one.given.apiKey();
      const answers = await Promise.all(
        [one, other].map((api) => askKeys(api, 'revokeCurrentApiKey', {}, { key: key.secret })),
      );
      expect(await kindsOf(key.id)).toEqual(['CREATED', 'REVOKED']);
      for (const answer of answers) expect([undefined, 'REVOKED_KEY']).toContain(answer.reason);
    });
  });
});
