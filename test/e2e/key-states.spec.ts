import type { TestPortal } from '../support/test-portal.js';
import type { GivenKey, GivenUser } from '../support/given.js';
import { type AnsweredKey, askKeys, EVIDENCE, keyIn, type KeyOperation } from '../support/key-operations.js';
import { usePortal } from '../support/hooks.js';

type Status = 'ACTIVE' | 'SUSPENDED' | 'OWNER_INACTIVE' | 'TENANT_SUSPENDED' | 'EXPIRED' | 'REVOKED';
type Expected = 'CHANGED' | 'SAME' | 'CONFLICT';
const STATUSES: Status[] = ['ACTIVE', 'SUSPENDED', 'OWNER_INACTIVE', 'TENANT_SUSPENDED', 'EXPIRED', 'REVOKED'];

const PUT_INTO: Record<Exclude<Status, 'ACTIVE'>, string> = {
  SUSPENDED: 'update api_keys set suspended_at = now() where id = $1',
  OWNER_INACTIVE: 'update users set is_active = false where id = (select user_id from api_keys where id = $1)',
  TENANT_SUSPENDED: 'update tenants set suspended_at = now() where id = (select tenant_id from api_keys where id = $1)',
  EXPIRED: `update api_keys set expires_at = now() - interval '1 second' where id = $1`,
  REVOKED: `update api_keys set revoked_at = now(), revocation_reason = 'UNUSED' where id = $1`,
};

/** The table of the public contract, a line for each action: what it comes to in each of `STATUSES`. */
const TABLE: [KeyOperation, Expected[]][] = [
  ['updateApiKey', ['CHANGED', 'CHANGED', 'CHANGED', 'CHANGED', 'CHANGED', 'CONFLICT']],
  ['rotateApiKey', ['CHANGED', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT']],
  ['completeApiKeyRotation', ['CHANGED', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT']],
  ['suspendApiKey', ['CHANGED', 'SAME', 'CHANGED', 'CHANGED', 'CHANGED', 'CONFLICT']],
  ['resumeApiKey', ['SAME', 'CHANGED', 'SAME', 'SAME', 'SAME', 'CONFLICT']],
  ['transferApiKey', ['CHANGED', 'CHANGED', 'CHANGED', 'CHANGED', 'CONFLICT', 'CONFLICT']],
  ['revokeApiKeys', ['CHANGED', 'CHANGED', 'CHANGED', 'CHANGED', 'CHANGED', 'SAME']],
];
const CELLS = TABLE.flatMap(([action, row]) =>
  row.map((expected, index) => [action, STATUSES[index] ?? 'ACTIVE', expected] as const),
);

describe('states of keys', () => {
  let api: TestPortal;
  let root: GivenUser;
  usePortal(async (started) => {
    api = started;
    root = await api.given.user({ role: 'SUPER_ADMIN' });
  });

  /** As a super admin, who may act in a suspended tenant too. */
  const act = async (action: KeyOperation, key: GivenKey, ownerId: string) => {
    const { id } = key;
    const input =
      action === 'revokeApiKeys'
        ? { ids: [id], reason: 'POLICY' }
        : { id, ...(action === 'updateApiKey' ? { name: 'other' } : {}) };
    const ask = { session: root.session, headers: { 'x-tenant-id': key.tenant.id } };
    return askKeys(api, action, { id, ownerId, input, force: true }, ask);
  };
  const evidence = async (id: string) => (await api.database.sql<{ key: object; events: number }>(EVIDENCE, [id]))[0];
  const given = async (status: Status, rotated: boolean) => {
    const owner = await api.given.user();
    const tenant = { id: String(owner.tenantId), name: '' };
    const key = await api.given.apiKey({ tenant, owner });
    const heir = await api.given.user({ tenant });
    if (rotated) await act('rotateApiKey', key, heir.id);
    if (status !== 'ACTIVE') await api.database.sql(PUT_INTO[status], [key.id]);
    return { key, heir };
  };

  it.each(CELLS)('the action %s on a key that is %s: %s (D52)', async (action, status, expected) => {
    const { key, heir } = await given(status, action === 'completeApiKeyRotation');
    const before = await evidence(key.id);
    const answer = await act(action, key, heir.id);
    const after = await evidence(key.id);
    if (expected === 'CONFLICT') {
      expect([answer.status, answer.code, answer.reason]).toEqual([200, 'CONFLICT', 'INVALID_STATE']);
      expect(answer.errors[0]?.extensions['status']).toBe(status);
      expect(after).toEqual(before);
      return;
    }
    const answered: AnsweredKey = keyIn(answer, action);
    expect(answered.id).toBe(key.id);
    if (expected === 'SAME') expect(after).toEqual(before);
    else {
      expect(after?.events).toBe((before?.events ?? 0) + 1);
      expect(after?.key).toMatchObject({ version: answered.version });
      expect(before?.key).toMatchObject({ version: answered.version - 1 });
    }
    // A repeated request for a finished action gets the same answer; another rotation makes another secret.
    if (action === 'rotateApiKey') return;
    expect(keyIn(await act(action, key, heir.id), action)).toEqual(answered);
    expect(await evidence(key.id)).toEqual(after);
  });

  it.each(['EXPIRED', 'OWNER_INACTIVE', 'TENANT_SUSPENDED'] as const)(
    'a key that is %s and suspended too is resumed, once',
    async (status) => {
      const { key, heir } = await given(status, false);
      await api.database.sql(PUT_INTO.SUSPENDED, [key.id]);
      const first = keyIn(await act('resumeApiKey', key, heir.id), 'resumeApiKey');
      expect([first.suspendedAt, first.version, first.status]).toEqual([null, 2, status]);
      expect(keyIn(await act('resumeApiKey', key, heir.id), 'resumeApiKey').version).toBe(2);
    },
  );

  it('a key of another tenant and an unknown key get one answer from every action', async () => {
    const theirs = await api.given.apiKey();
    const mine = await api.given.apiKey();
    const unknown = { ...mine, id: '00000000-0000-4000-8000-000000000000' };
    const foreign = { ...mine, id: theirs.id };
    for (const [action] of TABLE) {
      const answers = [await act(action, foreign, mine.admin.id), await act(action, unknown, mine.admin.id)];
      expect(answers.map(({ code }) => code)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
      expect(answers[0]?.text).toBe(answers[1]?.text);
    }
    expect((await evidence(theirs.id))?.events).toBe(1);
  });
});
