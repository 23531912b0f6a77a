import { storeKeys } from '../support/store-keys.js';
import { ownTenant } from '../support/own-tenant.js';

const REVOKE = `mutation ($input: RevokeApiKeysInput!) {
  revokeApiKeys(input: $input) { count apiKeys { id status revokedAt revocationReason revocationNote version revokedBy { id } } }
}`;

/** More than end in one transaction. `OWNED_KEYS=100000` is what no transaction could hold. */
const OWNED_KEYS = Number(process.env['OWNED_KEYS'] ?? 4_500);

describe('revocation', () => {
  const own = ownTenant();
  const revoke = (input: Record<string, unknown>) => own.ask(REVOKE, { input });

  it('a revoked key is refused from then on, and the answer gives the reason', async () => {
    const key = await own.api.given.apiKey({ tenant: own.tenant });
    const answer = await revoke({ ids: [key.id], reason: 'COMPROMISED', note: ' found in a log ' });
    expect(answer.at('revokeApiKeys')).toMatchObject({
      count: 1,
      apiKeys: [
        {
          id: key.id,
          status: 'REVOKED',
          revocationReason: 'COMPROMISED',
          revocationNote: 'found in a log',
          version: 2,
          revokedBy: { id: own.admin.id },
        },
      ],
    });
    const refused = await own.api.query('{ devices { totalCount } }', { key: key.secret });
    expect([refused.status, refused.code, refused.reason]).toEqual([401, 'UNAUTHENTICATED', 'REVOKED_KEY']);
  });

  it('a revoked key stays unchanged when it is revoked again', async () => {
    const key = await own.api.given.apiKey({ tenant: own.tenant });
    const first = await revoke({ ids: [key.id], reason: 'UNUSED' });
    const second = await revoke({ ids: [key.id], reason: 'OTHER', note: 'again' });
    expect(second.text).toBe(first.text);
  });

  it('a key is revoked with all others of its owner', async () => {
    const robot = await own.api.given.user({ tenant: own.tenant, kind: 'SERVICE', role: 'OPERATOR' });
    const keys = [
      await own.api.given.apiKey({ tenant: own.tenant, owner: robot }),
      await own.api.given.apiKey({ tenant: own.tenant, owner: robot }),
    ];
    const other = await own.api.given.apiKey({ tenant: own.tenant });
    const answer = await revoke({ ownerId: robot.id, reason: 'OWNER_LEFT' });
    expect(answer.at('revokeApiKeys.count')).toBe(2);
    for (const { secret } of keys)
      expect((await own.api.query('{ viewer { kind } }', { key: secret })).reason).toBe('REVOKED_KEY');
    expect((await own.api.query('{ viewer { kind } }', { key: other.secret })).status).toBe(200);
  });

  it('the answer to a revocation lists the newly revoked keys before those revoked earlier', async () => {
    const robot = await own.api.given.user({ tenant: own.tenant, kind: 'SERVICE', role: 'OPERATOR' });
    const key = await own.api.given.apiKey({ tenant: own.tenant, owner: robot, scopes: ['devices:read'] });
    await storeKeys(own.api, key, 120);
    await own.api.database.sql('update api_keys set revoked_at = now() where user_id = $1 and id <> $2', [
      robot.id,
      key.id,
    ]);
    const late = await storeKeys(own.api, key, 3, 'late');
    const answer = await revoke({ ownerId: robot.id });
    const listed = answer.at<{ id: string }[]>('revokeApiKeys.apiKeys').map(({ id }) => id);
    expect(new Set(listed.slice(0, 4))).toEqual(new Set([key.id, ...late.map(({ id }) => id)]));
    expect([new Set(listed).size, answer.at('revokeApiKeys.count')]).toEqual([100, 124]);
  });

  it('the answer to a revocation by ids and by a filter lists the newly revoked keys first', async () => {
    const keys = await Promise.all(['a', 'b', 'c'].map((name) => own.api.given.apiKey({ tenant: own.tenant, name })));
    const [early, ...late] = keys.map(({ id }) => id);
    await revoke({ ids: [early] });
    const listed = async (input: Record<string, unknown>) =>
      (await revoke(input)).at<{ id: string }[]>('revokeApiKeys.apiKeys').map(({ id }) => id);
    const byIds = await listed({ ids: [early, ...late] });
    expect([new Set(byIds.slice(0, 2)), byIds[2]]).toEqual([new Set(late), early]);
    const last = await own.api.given.apiKey({ tenant: own.tenant });
    expect(await listed({ filter: { ids: [early, last.id] }, expectedCount: 1 })).toEqual([last.id]);
  });

  it.each<[string, (key: { id: string; secret: string }) => Promise<unknown>]>([
    ['an administrator', ({ id }) => revoke({ ids: [id] })],
    ['itself', ({ secret }) => own.api.query('mutation { revokeCurrentApiKey { apiKey { id } } }', { key: secret })],
    [
      'a report of a leak',
      ({ secret }) =>
        own.api.query('mutation ($key: String!) { reportLeakedApiKey(key: $key) { accepted } }', {
          variables: { key: secret },
        }),
    ],
  ])(
    'a key that is revoked by %s has no effective scopes, and its effective expiry is the revocation',
    async (_, end) => {
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
      for (const input of [{}, { expiresAt }]) {
        const key = await own.api.given.apiKey({ tenant: own.tenant, ...input });
        await end(key);
        const shown = (
          await own.ask(
            'query ($id: ID!) { apiKey(id: $id) { scopes effectiveScopes revokedAt effectiveExpiresAt } }',
            {
              id: key.id,
            },
          )
        ).at<Record<string, unknown>>('apiKey');
        expect(shown['effectiveScopes']).toEqual([]);
        expect(shown['scopes']).not.toEqual([]);
        expect(shown['effectiveExpiresAt']).toBe(shown['revokedAt']);
      }
    },
  );

  it(`a key is revoked with ${OWNED_KEYS} others of its owner, in many short transactions`, async () => {
    const robot = await own.api.given.user({ tenant: own.tenant, kind: 'SERVICE', role: 'OPERATOR' });
    const key = await own.api.given.apiKey({ tenant: own.tenant, owner: robot });
    for (let stored = 0; stored < OWNED_KEYS; stored += 10_000)
      await storeKeys(own.api, key, Math.min(10_000, OWNED_KEYS - stored));
    let transactions = 0;
    const statements = await own.api.sqlOf(async () => {
      const answer = await revoke({ ownerId: robot.id });
      expect([answer.status, answer.at('revokeApiKeys.count')]).toEqual([200, OWNED_KEYS + 1]);
    });
    for (const statement of statements) if (/update api_keys\s+set revoked_at/.test(statement)) transactions++;
    expect(transactions).toBeGreaterThan(OWNED_KEYS / 2_000);
    const [left] = await own.api.database.sql(
      `select count(*) filter (where revoked_at is null)::int as alive,
              (select count(*)::int from api_key_events where kind = 'REVOKED' and api_key_id in
                (select id from api_keys where user_id = $1)) as recorded
       from api_keys where user_id = $1`,
      [robot.id],
    );
    expect(left).toEqual({ alive: 0, recorded: OWNED_KEYS + 1 });
  });

  it.each<[string, Record<string, unknown>, [string, string]]>([
    ['neither ids nor owner', {}, ['input.ids', 'REQUIRED']],
    ['ids and owner', { ids: [], ownerId: 'x' }, ['input.ids', 'REQUIRED']],
    ['no id', { ids: [] }, ['input.ids', 'TOO_SHORT']],
    ['an id that is none', { ids: ['x'] }, ['input.ids.0', 'MALFORMED']],
    ['101 ids', { ids: Array.from({ length: 101 }, () => crypto.randomUUID()) }, ['input.ids', 'TOO_MANY']],
  ])('a revocation is refused that names %s', async (_, input, [path, code]) => {
    const answer = await revoke(input);
    expect(answer.problemCodes).toContainEqual([path, code]);
  });
});
