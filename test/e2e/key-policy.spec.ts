import type { GivenTenant } from '../support/given.js';
import { askAsAdmin, DEFAULT_POLICY, type Input, POLICY, PREVIEW_POLICY, SET_POLICY } from '../support/key-policy.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';
import { inDays } from '../support/durations.js';

let api: TestPortal;

describe('tenant policy', () => {
  usePortal((started) => (api = started));

  const ask = (tenant: GivenTenant, document: string, variables: Input = {}) =>
    askAsAdmin(api, tenant, document, variables);
  const set = (tenant: GivenTenant, input: Input) => ask(tenant, SET_POLICY, { input });
  const policyRowsOf = (tenant: GivenTenant) =>
    api.database.sql(`select * from api_key_policies where tenant_id = $1`, [tenant.id]);
  const eventsOf = (tenant: GivenTenant) =>
    api.database.sql(`select kind, actor_id, ip, changes from api_key_events where tenant_id = $1 order by at`, [
      tenant.id,
    ]);

  interface Violation {
    apiKey: { id: string };
    rules: string[];
  }
  const violated = (violations: Violation[]) => new Map(violations.map(({ apiKey, rules }) => [apiKey.id, rules]));

  describe('setting the policy', () => {
    it('the policy of a tenant has defaults where nothing is set, and shows them', async () => {
      const tenant = await api.given.tenant();
      expect((await ask(tenant, POLICY)).at('apiKeyPolicy')).toEqual({ ...DEFAULT_POLICY, updatedAt: null });
    });

    it('a change of the policy keeps omitted members, clears null members, and leaves other tenants alone', async () => {
      const [tenant, other] = [await api.given.tenant(), await api.given.tenant()];
      const first = { maxLifetimeDays: 90, allowedScopes: ['devices:read'], allowedCidrs: ['10.0.0.0/8'] };
      expect((await set(tenant, first)).at('setApiKeyPolicy.policy')).toMatchObject({ ...DEFAULT_POLICY, ...first });
      const second = { maxInactiveDays: 30, requireExpiry: true, maxKeysPerOwner: 5, maxRotationOverlapSeconds: 0 };
      expect((await set(tenant, second)).at('setApiKeyPolicy.policy')).toMatchObject({ ...first, ...second });
      const cleared = { maxLifetimeDays: null, allowedScopes: null, allowedCidrs: null, maxKeysPerOwner: null };
      await set(tenant, cleared);
      expect((await ask(tenant, POLICY)).at('apiKeyPolicy')).toMatchObject({
        ...DEFAULT_POLICY,
        ...second,
        maxKeysPerOwner: null,
      });
      expect((await ask(other, POLICY)).at('apiKeyPolicy')).toMatchObject(DEFAULT_POLICY);
    });

    it('a change of the policy is in the audit trail, member by member, with the actor and the address', async () => {
      const tenant = await api.given.tenant();
      const admin = await api.given.admin(tenant);
      await set(tenant, { maxLifetimeDays: 90, requireExpiry: false });
      await set(tenant, { maxLifetimeDays: 30, allowedScopes: ['devices:read'] });
      await set(tenant, { maxLifetimeDays: 0 });
      expect(await eventsOf(tenant)).toEqual([
        {
          kind: 'POLICY_CHANGED',
          actor_id: admin.id,
          ip: '127.0.0.1',
          changes: { maxLifetimeDays: { old: null, new: 90 } },
        },
        {
          kind: 'POLICY_CHANGED',
          actor_id: admin.id,
          ip: '127.0.0.1',
          changes: { maxLifetimeDays: { old: 90, new: 30 }, allowedScopes: { old: null, new: ['devices:read'] } },
        },
      ]);
    });

    it('a change of the policy that is bad input is refused before the policy is read', async () => {
      const tenant = await api.given.tenant();
      const { session } = await api.given.admin(tenant);
      for (const document of [SET_POLICY, PREVIEW_POLICY]) {
        const statements = await api.sqlOf(async () => {
          const answer = await api.query(document, { session, variables: { input: { maxLifetimeDays: 0 } } });
          expect(answer.code).toBe('BAD_USER_INPUT');
        });
        expect(statements.filter((text) => text.includes('api_key_policies'))).toEqual([]);
      }
    });

    it('setting the policy to its present values writes nothing', async () => {
      const tenant = await api.given.tenant();
      await set(tenant, { maxLifetimeDays: 90 });
      const before = await policyRowsOf(tenant);
      expect(await eventsOf(tenant)).toHaveLength(1);
      expect((await set(tenant, { maxLifetimeDays: 90 })).code).toBeUndefined();
      expect(await policyRowsOf(tenant)).toEqual(before);
      expect(await eventsOf(tenant)).toHaveLength(1);
    });

    it.each<[string, Input, [string, string]]>([
      ['a life of no day', { maxLifetimeDays: 0 }, ['input.maxLifetimeDays', 'OUT_OF_RANGE']],
      ['a life of more than ten years', { maxLifetimeDays: 3651 }, ['input.maxLifetimeDays', 'OUT_OF_RANGE']],
      ['a negative inactivity', { maxInactiveDays: -1 }, ['input.maxInactiveDays', 'OUT_OF_RANGE']],
      ['an expiry rule of null', { requireExpiry: null }, ['input.requireExpiry', 'REQUIRED']],
      ['no scope at all', { allowedScopes: [] }, ['input.allowedScopes', 'TOO_SHORT']],
      ['an unknown scope', { allowedScopes: ['devices:raed'] }, ['input.allowedScopes.0', 'UNKNOWN_SCOPE']],
      ['a scope twice', { allowedScopes: ['config:read', 'config:read'] }, ['input.allowedScopes.1', 'DUPLICATE']],
      ['what is no network', { allowedCidrs: ['10.0.0.0'] }, ['input.allowedCidrs.0', 'MALFORMED']],
      ['no key per owner', { maxKeysPerOwner: 0 }, ['input.maxKeysPerOwner', 'OUT_OF_RANGE']],
      ['an overlap of -1', { maxRotationOverlapSeconds: -1 }, ['input.maxRotationOverlapSeconds', 'OUT_OF_RANGE']],
      ['an overlap of null', { maxRotationOverlapSeconds: null }, ['input.maxRotationOverlapSeconds', 'REQUIRED']],
    ])('a policy with %s is refused, in preview too, and nothing is written', async (_, input, [path, code]) => {
      const tenant = await api.given.tenant();
      for (const document of [SET_POLICY, PREVIEW_POLICY]) {
        const answer = await ask(tenant, document, { input });
        expect([answer.status, answer.code]).toEqual([200, 'BAD_USER_INPUT']);
        expect(answer.problemCodes).toEqual([[path, code]]);
      }
      expect(await policyRowsOf(tenant)).toEqual([]);
    });

    it('only sessions of admins read and set the policy', async () => {
      const tenant = await api.given.tenant();
      const { secret } = await api.given.apiKey({ tenant });
      const viewer = await api.given.user({ tenant, role: 'OPERATOR' });
      const variables = { input: { requireExpiry: true } };
      for (const document of [SET_POLICY, PREVIEW_POLICY]) {
        expect((await api.query(document, { key: secret, variables })).reason).toBe('SESSION_REQUIRED');
        expect((await api.query(document, { session: viewer.session, variables })).reason).toBe('ROLE_REQUIRED');
      }
      expect(await policyRowsOf(tenant)).toEqual([]);
    });
  });

  describe('violations of a policy', () => {
    it('the violations of a policy are the keys that lose something by it, the same in preview and when set', async () => {
      const tenant = await api.given.tenant();
      const endless = await api.given.apiKey({ tenant, scopes: ['devices:read'] });
      const wide = await api.given.apiKey({
        tenant,
        scopes: ['devices:read', 'firmware:write'],
        expiresAt: inDays(5),
        allowedCidrs: ['10.1.0.0/16', '192.0.2.0/24'],
      });
      const old = await api.given.apiKey({ tenant, scopes: ['devices:read'], expiresAt: inDays(5) });
      const good = await api.given.apiKey({
        tenant,
        scopes: ['devices:read'],
        expiresAt: inDays(5),
        allowedCidrs: ['10.2.0.0/16'],
      });
      const ended = await api.given.apiKey({ tenant });
      await api.given.apiKey();
      await api.database.sql(`update api_keys set revoked_at = now() where id = $1`, [ended.id]);
      await api.database.sql(`update api_keys set created_at = now() - interval '40 days' where id = $1`, [old.id]);
      const input = {
        requireExpiry: true,
        maxLifetimeDays: 30,
        maxInactiveDays: 20,
        allowedScopes: ['devices:read'],
        allowedCidrs: ['10.0.0.0/8', '2001:db8::/32'],
      };
      const previewed = (await ask(tenant, PREVIEW_POLICY, { input })).at<Violation[]>('apiKeyPolicyPreview');
      expect(violated(previewed)).toEqual(
        new Map([
          [old.id, ['maxLifetimeDays', 'maxInactiveDays']],
          [endless.id, ['requireExpiry']],
          [wide.id, ['allowedScopes', 'allowedCidrs']],
        ]),
      );
      expect(violated(previewed).has(good.id)).toBe(false);
      expect(await policyRowsOf(tenant)).toEqual([]);
      const answer = await set(tenant, input);
      expect(answer.at('setApiKeyPolicy.violations')).toEqual(previewed);
      expect(answer.at('setApiKeyPolicy.violationCount')).toBe(3);
    });

    it('the violations of a policy are listed up to 100 and counted whole', async () => {
      const { tenant, admin } = await api.given.apiKey();
      await api.database.sql(
        `insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash, scopes)
       select $1, $2, 'many', 'mktp_aaaa', md5(n::text || $3), '["devices:read"]' from generate_series(1, 120) n`,
        [tenant.id, admin.id, tenant.id],
      );
      const answer = await set(tenant, { requireExpiry: true });
      expect(answer.at<Violation[]>('setApiKeyPolicy.violations')).toHaveLength(100);
      expect(answer.at('setApiKeyPolicy.violationCount')).toBe(121);
    });
  });
});
