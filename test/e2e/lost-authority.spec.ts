import type { Answer } from '../support/answer.js';
import type { GivenKey, GivenUser } from '../support/given.js';
import { askKeys, EVIDENCE, type KeyOperation } from '../support/key-operations.js';
import { SET_POLICY } from '../support/key-policy.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

type Loss = [what: string, statement: string, code: string, reason: string];
const LOSSES: Loss[] = [
  ['deactivated', 'update users set is_active = false where id = $1', 'UNAUTHENTICATED', 'INVALID_SESSION'],
  ['demoted', `update users set role = 'OPERATOR' where id = $1`, 'FORBIDDEN', 'ROLE_REQUIRED'],
  [
    'of a suspended tenant',
    'update tenants set suspended_at = now() where id = (select tenant_id from users where id = $1)',
    'UNAUTHENTICATED',
    'INVALID_SESSION',
  ],
];
const CHANGES: [KeyOperation, object][] = [
  ['updateApiKey', { name: 'other' }],
  ['rotateApiKey', {}],
  ['completeApiKeyRotation', {}],
  ['suspendApiKey', {}],
  ['resumeApiKey', {}],
  ['transferApiKey', {}],
  ['revokeApiKeys', { reason: 'UNUSED' }],
];
const EVENTS_AND_KEYS = `select (select count(*)::int from api_key_events where tenant_id = $1) as events,
  (select count(*)::int from api_keys where tenant_id = $1) as keys,
  (select count(*)::int from api_key_policies where tenant_id = $1) as policies`;

describe('users who lose authority while their request waits', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  /** The answer to a request that was held at what `lock` takes until `loss` was committed. */
  const heldAt = async (lock: string, user: GivenUser, [, loss]: Loss, ask: () => Promise<Answer>) => {
    const { answer } = await api.database.holding(lock, async () => {
      const answer = ask();
      await api.database.someoneWaits();
      await api.database.sql(loss, [user.id]);
      return { answer };
    });
    return answer;
  };
  const expectRefused = (answer: Answer, [, , code, reason]: Loss) =>
    expect([answer.code, answer.reason]).toEqual([code, reason]);
  const evidence = async (statement: string, id: string) => (await api.database.sql(statement, [id]))[0];
  /** A key in the state in which every action would change it. */
  const given = async (operation: KeyOperation): Promise<{ key: GivenKey; heir: GivenUser }> => {
    const key = await api.given.apiKey();
    const heir = await api.given.user({ tenant: key.tenant });
    const ask = { session: key.admin.session };
    if (operation === 'completeApiKeyRotation') await askKeys(api, 'rotateApiKey', { input: { id: key.id } }, ask);
    if (operation === 'resumeApiKey') await askKeys(api, 'suspendApiKey', { id: key.id }, ask);
    return { key, heir };
  };

  describe.each(LOSSES)('admin %s', (...loss) => {
    it.each(CHANGES)('a user who loses authority cannot %s', async (operation, members) => {
      const { key, heir } = await given(operation);
      const before = await evidence(EVIDENCE, key.id);
      const input = operation === 'revokeApiKeys' ? { ids: [key.id], ...members } : { id: key.id, ...members };
      const answer = await heldAt(`select from api_keys where id = '${key.id}' for update`, key.admin, loss, () =>
        askKeys(api, operation, { id: key.id, ownerId: heir.id, force: true, input }, { session: key.admin.session }),
      );
      expectRefused(answer, loss);
      expect(await evidence(EVIDENCE, key.id)).toEqual(before);
    });

    it.each([
      ['the policy of the tenant', 'lock table api_key_policies in access exclusive mode'],
      ['keys to be counted', 'lock table api_keys in access exclusive mode'],
    ])('a user who loses authority cannot make a key that had to wait for %s', async (_, lock) => {
      const user = await api.given.user();
      const heir = await api.given.user({ tenant: { id: String(user.tenantId), name: '' }, role: 'OPERATOR' });
      const input = { name: 'late', scopes: ['devices:read'], ownerId: heir.id };
      const answer = await heldAt(lock, user, loss, () =>
        askKeys(api, 'createApiKey', { input }, { session: user.session }),
      );
      expectRefused(answer, loss);
      expect(await evidence(EVENTS_AND_KEYS, String(user.tenantId))).toEqual({ events: 0, keys: 0, policies: 0 });
    });

    it('a user who loses authority cannot set the policy', async () => {
      const user = await api.given.user();
      const answer = await heldAt('lock table api_key_policies in access exclusive mode', user, loss, () =>
        api.query(SET_POLICY, { session: user.session, variables: { input: { requireExpiry: true } } }),
      );
      expectRefused(answer, loss);
      expect(await evidence(EVENTS_AND_KEYS, String(user.tenantId))).toEqual({ events: 0, keys: 0, policies: 0 });
    });
  });
});
