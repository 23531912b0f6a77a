import { ownTenant } from '../support/own-tenant.js';

const REVOKE = `mutation ($input: RevokeApiKeysInput!) {
  revokeApiKeys(input: $input) { count apiKeys { id status revokedAt revocationReason revocationNote version revokedBy { id } } }
}`;

describe('a revoked key', () => {
  const own = ownTenant();
  const revoke = (input: Record<string, unknown>) => own.ask(REVOKE, { input });

  it('is refused from then on, and its holder is told', async () => {
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

  it('stays as it is when it is revoked again', async () => {
    const key = await own.api.given.apiKey({ tenant: own.tenant });
    const first = await revoke({ ids: [key.id], reason: 'UNUSED' });
    const second = await revoke({ ids: [key.id], reason: 'OTHER', note: 'again' });
    expect(second.text).toBe(first.text);
  });

  it('goes with all others of its owner', async () => {
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

  it.each<[string, Record<string, unknown>, [string, string]]>([
    ['neither ids nor owner', {}, ['input.ids', 'REQUIRED']],
    ['ids and owner', { ids: [], ownerId: 'x' }, ['input.ids', 'REQUIRED']],
    ['no id', { ids: [] }, ['input.ids', 'TOO_SHORT']],
    ['an id that is none', { ids: ['x'] }, ['input.ids.0', 'MALFORMED']],
    ['101 ids', { ids: Array.from({ length: 101 }, () => crypto.randomUUID()) }, ['input.ids', 'TOO_MANY']],
  ])('is not had by naming %s', async (_, input, [path, code]) => {
    const answer = await revoke(input);
    expect(answer.problemCodes).toContainEqual([path, code]);
  });
});
