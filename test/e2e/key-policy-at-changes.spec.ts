import type { GivenTenant } from '../support/given.js';
import { askAsAdmin, type Input, SET_POLICY } from '../support/key-policy.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';
import { DAY_MS, inDays } from '../support/durations.js';

const UPDATE = `mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { version } } }`;
const ROTATE = `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) {
  secret apiKey { status rotation { startedAt previousExpiresAt } } } }`;
const VERSION = `query ($id: ID!) { apiKey(id: $id) { version } }`;
const DEVICES = `{ devices { nodes { id } } }`;

let api: TestPortal;

describe('policy at changes', () => {
  usePortal((started) => (api = started));

  const ask = (tenant: GivenTenant, document: string, variables: Input) => askAsAdmin(api, tenant, document, variables);
  const set = (tenant: GivenTenant, input: Input) => ask(tenant, SET_POLICY, { input });

  describe('policy at updates', () => {
    const GIVEN = { scopes: ['devices:read', 'config:read'], expiresAt: inDays(50), allowedCidrs: ['127.0.0.0/8'] };

    it.each<[string, Input, Input, string[]]>([
      [
        'a wider scope',
        { allowedScopes: ['devices:read'] },
        { scopes: ['devices:read', 'alerts:read'] },
        ['input.scopes.1', 'POLICY_VIOLATION', 'allowedScopes'],
      ],
      [
        'a longer life',
        { maxLifetimeDays: 60 },
        { expiresAt: inDays(61) },
        ['input.expiresAt', 'POLICY_VIOLATION', 'maxLifetimeDays'],
      ],
      [
        'no end',
        { requireExpiry: true },
        { expiresAt: null },
        ['input.expiresAt', 'POLICY_VIOLATION', 'requireExpiry'],
      ],
      [
        'another network',
        { allowedCidrs: ['127.0.0.0/8'] },
        { allowedCidrs: ['127.0.0.1/32', '192.0.2.0/24'] },
        ['input.allowedCidrs.1', 'POLICY_VIOLATION', 'allowedCidrs'],
      ],
    ])('an update of a key to %s is held to the policy, and nothing is written', async (_, policy, change, problem) => {
      const { tenant, id } = await api.given.apiKey(GIVEN);
      await set(tenant, policy);
      expect((await ask(tenant, UPDATE, { input: { id, ...change } })).problemCodes).toEqual([problem]);
      expect((await ask(tenant, VERSION, { id })).at('apiKey.version')).toBe(1);
    });

    it.each<[string, Input]>([
      ['a new name', { name: 'other' }],
      ['fewer scopes', { scopes: ['config:read'] }],
      ['a shorter life', { expiresAt: inDays(40) }],
      ['a smaller network', { allowedCidrs: ['127.0.0.1/32'] }],
    ])('an update of a key to %s is allowed, though the key breaks the policy', async (_, change) => {
      const { tenant, id } = await api.given.apiKey(GIVEN);
      await set(tenant, { allowedScopes: ['alerts:read'], maxLifetimeDays: 30, allowedCidrs: ['192.0.2.0/24'] });
      expect((await ask(tenant, UPDATE, { input: { id, ...change } })).code).toBeUndefined();
    });

    it('an update that revives an expired key is held to the whole policy', async () => {
      const { tenant, id } = await api.given.apiKey(GIVEN);
      await set(tenant, { allowedScopes: ['devices:read'], allowedCidrs: ['192.0.2.0/24'] });
      await api.database.sql(`update api_keys set expires_at = now() - interval '1 s' where id = $1`, [id]);
      expect((await ask(tenant, UPDATE, { input: { id, expiresAt: inDays(1) } })).problemCodes).toEqual([
        ['input.scopes.1', 'POLICY_VIOLATION', 'allowedScopes'],
        ['input.allowedCidrs.0', 'POLICY_VIOLATION', 'allowedCidrs'],
      ]);
    });
  });

  describe('policy at rotations', () => {
    it('a rotated key keeps its old secret for at most as long as the policy allows', async () => {
      const { tenant, id } = await api.given.apiKey();
      await set(tenant, { maxRotationOverlapSeconds: 60 });
      const answer = await ask(tenant, ROTATE, { input: { id, overlapSeconds: DAY_MS / 1000 } });
      const { startedAt, previousExpiresAt } = answer.at<Record<string, string>>('rotateApiKey.apiKey.rotation');
      expect(Date.parse(previousExpiresAt ?? '') - Date.parse(startedAt ?? '')).toBe(60_000);
    });

    it('a blocked key can be rotated: its secret may have leaked, and a rotation widens nothing', async () => {
      const { tenant, id } = await api.given.apiKey();
      await set(tenant, { requireExpiry: true });
      const answer = await ask(tenant, ROTATE, { input: { id } });
      expect(answer.at('rotateApiKey.apiKey.status')).toBe('POLICY_BLOCKED');
      const refused = await api.query(DEVICES, { key: answer.at('rotateApiKey.secret') });
      expect(refused.reason).toBe('POLICY_BLOCKED');
    });

    it("a request from a forbidden network does not count as the first use of a rotated key's new secret", async () => {
      const { tenant, id } = await api.given.apiKey();
      const secret = (await ask(tenant, ROTATE, { input: { id } })).at<string>('rotateApiKey.secret');
      const firstUse = async () => {
        const [row] = await api.database.sql(`select new_first_used_at from api_keys where id = $1`, [id]);
        return row?.['new_first_used_at'] as Date | null;
      };
      await set(tenant, { allowedCidrs: ['192.0.2.0/24'] });
      expect((await api.query(DEVICES, { key: secret })).reason).toBe('IP_NOT_ALLOWED');
      expect(await firstUse()).toBeNull();
      await set(tenant, { allowedCidrs: [] });
      expect((await api.query(DEVICES, { key: secret })).code).toBeUndefined();
      expect(await firstUse()).toBeInstanceOf(Date);
    });
  });
});
