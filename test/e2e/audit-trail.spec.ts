import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';
import { createKey } from '../support/given.js';

const REVOKE = `mutation ($input: RevokeApiKeysInput!) { revokeApiKeys(input: $input) { count } }`;
const COLUMNS = 'tenant_id, kind, api_key_id, api_key_name, actor_id, actor_name, actor_key_id, ip, changes';
const EVENT = `insert into api_key_events (tenant_id, kind) values ($1, 'CREATED')`;

describe('audit trail', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  const eventsOf = (keyId: string) =>
    api.database.sql<Record<string, unknown>>(
      `select ${COLUMNS} from api_key_events where api_key_id = $1 order by at`,
      [keyId],
    );

  it('the audit trail records who made a key, from where, and with which values', async () => {
    const admin = await api.given.user();
    const input = { name: ' CI ', scopes: ['devices:read'], metadata: { team: 'net' } };
    const made = await api.query(createKey('id keyPrefix'), { session: admin.session, variables: { input } });
    const id = made.at<string>('createApiKey.apiKey.id');
    const changes = {
      name: { old: null, new: 'CI' },
      keyPrefix: { old: null, new: made.at('createApiKey.apiKey.keyPrefix') },
      scopes: { old: null, new: ['devices:read'] },
      ownerId: { old: null, new: admin.id },
      metadata: { old: null, new: { team: 'net' } },
    };
    const actor = { actor_id: admin.id, actor_name: admin.email, actor_key_id: null, ip: '127.0.0.1' };
    expect(await eventsOf(id)).toEqual([
      { tenant_id: admin.tenantId, kind: 'CREATED', api_key_id: id, api_key_name: 'CI', ...actor, changes },
    ]);
    expect(JSON.stringify(await eventsOf(id))).not.toContain(made.at('createApiKey.secret'));
  });

  it('the audit trail records a revocation once, however often it is requested', async () => {
    const { id, admin } = await api.given.apiKey();
    const input = { ids: [id], reason: 'UNUSED', note: 'spring cleaning' };
    for (let round = 0; round < 2; round++) await api.query(REVOKE, { session: admin.session, variables: { input } });
    const events = await eventsOf(id);
    expect(events.map(({ kind }) => kind)).toEqual(['CREATED', 'REVOKED']);
    const key = await api.query('query ($id: ID!) { apiKey(id: $id) { revokedAt } }', {
      session: admin.session,
      variables: { id },
    });
    expect(events[1]?.['changes']).toEqual({
      revokedAt: { old: null, new: key.at('apiKey.revokedAt') },
      revocationReason: { old: null, new: 'UNUSED' },
      revocationNote: { old: null, new: 'spring cleaning' },
    });
  });

  it('a change and its audit event are one: where the event cannot be written, nothing changes', async () => {
    const { id, admin } = await api.given.apiKey();
    await api.database.sql(`alter table api_key_events add constraint refuse_all check (kind <> 'REVOKED') not valid`);
    const input = { ids: [id], reason: 'OTHER' };
    const answer = await api.query(REVOKE, { session: admin.session, variables: { input } });
    await api.database.sql(`alter table api_key_events drop constraint refuse_all`);
    expect([answer.status, answer.code]).toEqual([500, 'INTERNAL_SERVER_ERROR']);
    expect(await api.database.sql(`select revoked_at from api_keys where id = $1`, [id])).toEqual([
      { revoked_at: null },
    ]);
  });

  it.each([
    ['portal_app', `update api_key_events set kind = 'REVOKED'`],
    ['portal_app', 'delete from api_key_events'],
    ['portal_app', 'truncate api_key_events'],
    ['portal_jobs', `update api_key_events set kind = 'REVOKED'`],
    ['portal_jobs', 'delete from api_key_events'],
    ['portal_verifier', 'select from api_key_events'],
  ])('the audit trail refuses %s to %s', async (role, statement) => {
    const { tenant } = await api.given.apiKey();
    await expect(api.database.sqlAs(role, tenant.id, statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('the audit trail shows a tenant its own events only, and accepts no event for another tenant', async () => {
    const [mine, theirs] = [await api.given.apiKey(), await api.given.apiKey()];
    const seen = await api.database.sqlAs('portal_app', mine.tenant.id, 'select tenant_id from api_key_events');
    expect(seen).toEqual([{ tenant_id: mine.tenant.id }]);
    await expect(api.database.sqlAs('portal_app', mine.tenant.id, EVENT, [theirs.tenant.id])).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('the audit trail outlives the key, the user and the tenant', async () => {
    const { id, tenant } = await api.given.apiKey();
    const before = await eventsOf(id);
    await api.database.sql('delete from tenants where id = $1', [tenant.id]);
    expect(await api.database.sql('select id from api_keys where id = $1', [id])).toEqual([]);
    expect(await eventsOf(id)).toEqual(before);
  });
});
