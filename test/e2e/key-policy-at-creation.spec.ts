import type { Answer } from '../support/answer.js';
import type { GivenTenant } from '../support/given.js';
import { askAsAdmin, type Input, SET_POLICY } from '../support/key-policy.js';
import { CREATE_KEY } from '../support/given.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';
import { inDays } from '../support/durations.js';

let api: TestPortal;

const ask = (tenant: GivenTenant, document: string, variables: Input = {}) =>
  askAsAdmin(api, tenant, document, variables);
const set = (tenant: GivenTenant, input: Input) => ask(tenant, SET_POLICY, { input });
const untilServed = async (work: () => Promise<Answer>): Promise<Answer> => {
  const answer = await work();
  return answer.status === 503 ? untilServed(work) : answer;
};
const rowsOf = (tenant: GivenTenant) => api.database.sql(`select * from api_keys where tenant_id = $1`, [tenant.id]);

describe('policy at creation', () => {
  usePortal((started) => (api = started));

  const SCOPES = ['devices:read'];

  it.each<[string, Input, Input, string[]]>([
    ['without an expiry', { requireExpiry: true }, {}, ['input.expiresAt', 'POLICY_VIOLATION', 'requireExpiry']],
    [
      'for longer than allowed',
      { maxLifetimeDays: 30 },
      { expiresAt: inDays(31) },
      ['input.expiresAt', 'POLICY_VIOLATION', 'maxLifetimeDays'],
    ],
    [
      'with a scope that is not allowed',
      { allowedScopes: ['devices:read'] },
      { scopes: ['devices:read', 'config:read'] },
      ['input.scopes.1', 'POLICY_VIOLATION', 'allowedScopes'],
    ],
    [
      'for networks outside those allowed',
      { allowedCidrs: ['10.0.0.0/8', '2001:db8::/32'] },
      { allowedCidrs: ['10.1.0.0/16', '2001:db8::/31'] },
      ['input.allowedCidrs.1', 'POLICY_VIOLATION', 'allowedCidrs'],
    ],
    [
      'in the past, whatever the policy says',
      { maxLifetimeDays: 30 },
      { expiresAt: inDays(-1) },
      ['input.expiresAt', 'NOT_IN_FUTURE'],
    ],
    [
      'beyond ten years, whatever the policy says',
      { maxLifetimeDays: 30 },
      { expiresAt: inDays(3660) },
      ['input.expiresAt', 'OUT_OF_RANGE'],
    ],
    [
      'with an unknown scope, whatever the policy says',
      { allowedScopes: ['devices:read'] },
      { scopes: ['devices:nope'] },
      ['input.scopes.0', 'UNKNOWN_SCOPE'],
    ],
  ])('a new key %s is refused with its rule, and nothing is written', async (_, policy, input, expected) => {
    const tenant = await api.given.tenant();
    await set(tenant, policy);
    const answer = await ask(tenant, CREATE_KEY, { input: { name: 'bad', scopes: SCOPES, ...input } });
    expect([answer.status, answer.code]).toEqual([200, 'BAD_USER_INPUT']);
    expect(answer.problemCodes).toEqual([expected]);
    expect(await rowsOf(tenant)).toEqual([]);
  });

  it('a new key that breaks every rule at once gets all of them reported', async () => {
    const tenant = await api.given.tenant();
    await api.given.apiKey({ tenant, scopes: SCOPES });
    await set(tenant, {
      maxKeysPerOwner: 1,
      allowedScopes: ['config:read'],
      maxLifetimeDays: 1,
      allowedCidrs: ['10.0.0.0/8'],
    });
    const input = { name: 'bad', scopes: SCOPES, expiresAt: inDays(2), allowedCidrs: ['192.0.2.0/24'] };
    const answer = await ask(tenant, CREATE_KEY, { input });
    expect(new Set(answer.problemCodes.map(([, , rule]) => rule))).toEqual(
      new Set(['allowedCidrs', 'allowedScopes', 'maxKeysPerOwner', 'maxLifetimeDays']),
    );
    expect(await rowsOf(tenant)).toHaveLength(1);
  });

  it('a new key within the policy is made, at the edges of each rule too', async () => {
    const tenant = await api.given.tenant();
    const allowedCidrs = ['10.0.0.0/8'];
    await set(tenant, {
      requireExpiry: true,
      maxLifetimeDays: 30,
      allowedScopes: SCOPES,
      allowedCidrs,
      maxKeysPerOwner: 1,
    });
    const input = { name: 'good', scopes: SCOPES, expiresAt: inDays(29.99), allowedCidrs };
    expect((await ask(tenant, CREATE_KEY, { input })).code).toBeUndefined();
  });

  it('an expired or revoked key frees a place of its owner, and a suspended key does not', async () => {
    const tenant = await api.given.tenant();
    const [first, second] = [await api.given.apiKey({ tenant }), await api.given.apiKey({ tenant })];
    await set(tenant, { maxKeysPerOwner: 2 });
    const create = () => ask(tenant, CREATE_KEY, { input: { name: 'third', scopes: SCOPES } });
    await api.database.sql(`update api_keys set suspended_at = now() where id = $1`, [first.id]);
    expect((await create()).code).toBe('BAD_USER_INPUT');
    await api.database.sql(`update api_keys set expires_at = now() - interval '1 s' where id = $1`, [second.id]);
    expect((await create()).code).toBeUndefined();
    expect((await create()).code).toBe('BAD_USER_INPUT');
    await api.database.sql(`update api_keys set revoked_at = now() where id = $1`, [first.id]);
    expect((await create()).code).toBeUndefined();
  });

  it('the last place of an owner is taken once, by one of 50 simultaneous creations for each of two owners', async () => {
    const tenant = await api.given.tenant();
    const owners = [await api.given.user({ tenant }), await api.given.user({ tenant, role: 'OPERATOR' })];
    for (const owner of owners) await api.given.apiKey({ tenant, owner });
    await set(tenant, { maxKeysPerOwner: 2 });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        // A busy machine lets some wait too long for a connection: 503 asks to try again, and nothing was made.
        untilServed(() =>
          ask(tenant, CREATE_KEY, { input: { name: `race ${index}`, scopes: SCOPES, ownerId: owners[index % 2]?.id } }),
        ),
      ),
    );
    expect(answers.filter(({ code }) => code === undefined)).toHaveLength(2);
    const refused = ['input.ownerId', 'POLICY_VIOLATION', 'maxKeysPerOwner'];
    expect(answers.flatMap(({ problemCodes }) => problemCodes)).toEqual(Array.from({ length: 98 }, () => refused));
    expect(await rowsOf(tenant)).toHaveLength(4);
  });

  it('a key made at the moment a rule is set is either held to the rule or listed among its violations', async () => {
    for (let round = 0; round < 20; round++) {
      const tenant = await api.given.tenant();
      await set(tenant, round % 2 ? { maxInactiveDays: 100 } : {});
      const input = { name: 'race', scopes: SCOPES };
      const [made, ruled] = await Promise.all([
        ask(tenant, CREATE_KEY, { input }),
        set(tenant, { requireExpiry: true }),
      ]);
      const isMade = made.code === undefined;
      if (!isMade) expect(made.problemCodes).toEqual([['input.expiresAt', 'POLICY_VIOLATION', 'requireExpiry']]);
      expect(ruled.at('setApiKeyPolicy.violationCount')).toBe(isMade ? 1 : 0);
      expect(await rowsOf(tenant)).toHaveLength(isMade ? 1 : 0);
    }
  });
});
