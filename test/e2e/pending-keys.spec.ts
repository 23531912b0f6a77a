import { UseRecorder } from '#api-keys';
import { useApprovals } from '../support/approvals.js';
import { DAY_MS, inDays } from '../support/durations.js';
import type { GivenUser } from '../support/given.js';
import { askKeys } from '../support/key-operations.js';
import { approve } from '../support/members.js';
import type { TestPortal } from '../support/test-portal.js';

describe('pending keys', () => {
  let api: TestPortal;
  let admin: GivenUser;
  let member: GivenUser;
  const { asAdmin, asMember, request, update, use } = useApprovals((portal) => ({ api, admin, member } = portal));

  it('a pending key without an answer for seven days has expired, and nothing revives it', async () => {
    const key = await request();
    const [row] = await api.database.sql<{ left: number }>(
      `select extract(epoch from pending_until - created_at)::float8 * 1000 as left from api_keys where id = $1`,
      [key.id],
    );
    // The database's clock has microseconds, and ours has milliseconds.
    expect(Math.ceil(row?.left ?? 0)).toBe(7 * DAY_MS);
    await api.database.sql(`update api_keys set pending_until = now() where id = $1`, [key.id]);
    await api.caughtUp();
    expect((await use(key.secret)).reason).toBe('EXPIRED_KEY');
    expect((await approve(api, admin, key)).reason).toBe('INVALID_STATE');
    expect((await update(key.id, { expiresAt: inDays(1) }, asAdmin)).at('updateApiKey.apiKey.status')).toBe('EXPIRED');
    expect((await use(key.secret)).reason).toBe('EXPIRED_KEY');
    expect(
      (await askKeys(api, 'revokeApiKeys', { input: { ids: [key.id] } }, asMember)).at('revokeApiKeys.count'),
    ).toBe(1);
  });

  it('a pending key can be neither rotated nor transferred; it can be suspended, and revoked by its maker', async () => {
    const key = await request();
    const conflicts = [
      await askKeys(api, 'rotateApiKey', { input: { id: key.id } }, asMember),
      await askKeys(api, 'completeApiKeyRotation', { id: key.id }, asMember),
      await askKeys(api, 'transferApiKey', { id: key.id, ownerId: admin.id }, asAdmin),
    ];
    for (const { reason, errors } of conflicts)
      expect([reason, errors[0]?.extensions['status']]).toEqual(['INVALID_STATE', 'PENDING']);
    expect((await askKeys(api, 'resumeApiKey', { id: key.id }, asMember)).at('resumeApiKey.apiKey.version')).toBe(1);
    await askKeys(api, 'suspendApiKey', { id: key.id }, asMember);
    expect((await use(key.secret)).reason).toBe('SUSPENDED_KEY');
    expect((await approve(api, admin, { ...key, version: 2 })).reason).toBe('INVALID_STATE');
    expect((await askKeys(api, 'resumeApiKey', { id: key.id }, asMember)).at('resumeApiKey.apiKey.status')).toBe(
      'PENDING',
    );
    await askKeys(api, 'revokeApiKeys', { input: { ids: [key.id] } }, asMember);
    expect((await use(key.secret)).reason).toBe('REVOKED_KEY');
  });

  it('attempts with a pending key are counted as denied, and are no use', async () => {
    const key = await request();
    for (let n = 0; n < 3; n++) await use(key.secret);
    await api.app.get(UseRecorder, { strict: false }).flush();
    const [counts] = await api.database.sql(
      'select allowed::int, denied::int from api_key_usage_hours where api_key_id = $1',
      [key.id],
    );
    expect(counts).toEqual({ allowed: 0, denied: 3 });
    const shown = await api.query(
      'query ($id: ID!) { apiKey(id: $id) { lastUsedAt recentIps { ip } attemptsAfterRevocation } }',
      {
        ...asMember,
        variables: { id: key.id },
      },
    );
    expect(shown.at('apiKey')).toEqual({ lastUsedAt: null, recentIps: [], attemptsAfterRevocation: 0 });
  });

  it('a pending key is listed for an admin by default, and is off-boarded with the other keys', async () => {
    const key = await request();
    const listed = await api.query(
      '{ pending: apiKeys(filter: { status: PENDING }, first: 100) { nodes { id } } apiKeys(first: 100) { nodes { id } } }',
      asAdmin,
    );
    for (const list of ['pending', 'apiKeys']) expect(listed.at(`${list}.nodes`)).toContainEqual({ id: key.id });
    await askKeys(api, 'revokeApiKeys', { input: { ownerId: member.id } }, asAdmin);
    expect((await use(key.secret)).reason).toBe('REVOKED_KEY');
  });
});
