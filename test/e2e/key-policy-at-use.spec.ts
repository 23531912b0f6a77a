import type { GivenKey, GivenTenant } from '../support/given.js';
import { askAsAdmin, type Input, SET_POLICY } from '../support/key-policy.js';
import { TestPortal } from '../support/test-portal.js';
import { QUIET } from '../support/usage.js';
import { DAY_MS, inDays } from '../support/durations.js';

let api: TestPortal;

const ask = (tenant: GivenTenant, document: string, variables: Input = {}) =>
  askAsAdmin(api, tenant, document, variables);
const set = (tenant: GivenTenant, input: Input) => ask(tenant, SET_POLICY, { input });
const use = (key: GivenKey) => api.query(DEVICES, { key: key.secret });

const KEY = `query ($id: ID!) { apiKey(id: $id) { status scopes effectiveScopes expiresAt effectiveExpiresAt } }`;
const DEVICES = `{ devices { nodes { id } } }`;

describe('policy at use', () => {
  beforeAll(async () => {
    // A use that is written meanwhile would make an old last use a new one.
    api = await TestPortal.start({ config: QUIET });
  });
  afterAll(() => api.stop());

  const back = (key: GivenKey, column: string, days: number) =>
    api.database.sql(`update api_keys set ${column} = now() - make_interval(hours => $2) where id = $1`, [
      key.id,
      days * 24,
    ]);

  it.each<[string, Input, Input, (key: GivenKey) => Promise<unknown>]>([
    ['without an expiry', { requireExpiry: true }, { requireExpiry: false }, async () => undefined],
    ['older than allowed', { maxLifetimeDays: 10 }, { maxLifetimeDays: 12 }, (key) => back(key, 'created_at', 11)],
    [
      'never used within the inactivity allowed',
      { maxInactiveDays: 10 },
      { maxInactiveDays: null },
      (key) => back(key, 'created_at', 11),
    ],
    [
      'last used too long ago',
      { maxInactiveDays: 10 },
      { maxInactiveDays: 12 },
      (key) => back(key, 'created_at', 20).then(() => back(key, 'last_used_at', 11)),
    ],
  ])(
    'a key %s is blocked, not destroyed, and works again once the policy is loosened',
    async (_, policy, loosened, age) => {
      const key = await api.given.apiKey();
      await age(key);
      expect((await use(key)).code).toBeUndefined();
      await set(key.tenant, policy);
      const answer = await use(key);
      expect([answer.status, answer.code, answer.reason]).toEqual([401, 'UNAUTHENTICATED', 'POLICY_BLOCKED']);
      expect((await ask(key.tenant, KEY, { id: key.id })).at('apiKey.status')).toBe('POLICY_BLOCKED');
      await set(key.tenant, loosened);
      expect((await use(key)).code).toBeUndefined();
      expect((await ask(key.tenant, KEY, { id: key.id })).at('apiKey.status')).toBe('ACTIVE');
    },
  );

  it('a recently used key is not inactive, however old it is', async () => {
    const key = await api.given.apiKey();
    await back(key, 'created_at', 100);
    await back(key, 'last_used_at', 9);
    await set(key.tenant, { maxInactiveDays: 10 });
    expect((await use(key)).code).toBeUndefined();
  });

  it('a key in use is reported as revoked, expired or suspended rather than blocked', async () => {
    const key = await api.given.apiKey();
    await set(key.tenant, { requireExpiry: true });
    await api.database.sql(`update api_keys set suspended_at = now() where id = $1`, [key.id]);
    await api.caughtUp();
    expect((await use(key)).reason).toBe('SUSPENDED_KEY');
    await api.database.sql(`update api_keys set revoked_at = now() where id = $1`, [key.id]);
    await api.caughtUp();
    expect((await use(key)).reason).toBe('REVOKED_KEY');
  });

  it('a key loses the scopes that the policy does not allow, and gets them back', async () => {
    const key = await api.given.apiKey({ scopes: ['devices:read', 'config:read'] });
    await set(key.tenant, { allowedScopes: ['config:read'] });
    const answer = await use(key);
    expect([answer.status, answer.reason]).toEqual([403, 'MISSING_SCOPE']);
    expect(answer.errors[0]?.extensions['grantedScopes']).toEqual(['config:read']);
    expect((await ask(key.tenant, KEY, { id: key.id })).at('apiKey')).toMatchObject({
      scopes: ['devices:read', 'config:read'],
      effectiveScopes: ['config:read'],
    });
    await set(key.tenant, { allowedScopes: null });
    expect((await use(key)).code).toBeUndefined();
  });

  it('a key stops at the earliest of its expiry, its greatest age and its allowed inactivity', async () => {
    const { tenant, id } = await api.given.apiKey({ expiresAt: inDays(40) });
    const createdAt = new Date('2026-01-01T00:00:00.000Z').getTime();
    const expiresAt = new Date('2026-03-01T00:00:00.000Z').toISOString();
    await api.database.sql(`update api_keys set created_at = $2, expires_at = $3 where id = $1`, [
      id,
      new Date(createdAt).toISOString(),
      expiresAt,
    ]);
    const effective = async () => (await ask(tenant, KEY, { id })).at('apiKey.effectiveExpiresAt');
    expect(await effective()).toBe(expiresAt);
    await set(tenant, { maxLifetimeDays: 30 });
    expect(await effective()).toBe(new Date(createdAt + 30 * DAY_MS).toISOString());
    await set(tenant, { maxInactiveDays: 20 });
    expect(await effective()).toBe(new Date(createdAt + 20 * DAY_MS).toISOString());
    await api.database.sql(`update api_keys set last_used_at = created_at + interval '5 days' where id = $1`, [id]);
    expect(await effective()).toBe(new Date(createdAt + 25 * DAY_MS).toISOString());
    await set(tenant, { maxLifetimeDays: null, maxInactiveDays: null });
    await api.database.sql(`update api_keys set expires_at = null where id = $1`, [id]);
    expect(await effective()).toBeNull();
  });
});
