import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { type ImportReport, KeyImportService } from '#api-keys';
import type { GivenUser } from '../support/given.js';
import { usePortal } from '../support/hooks.js';
import { hashOf, oldRow, oldSecret } from '../support/old-row.js';
import type { TestPortal } from '../support/test-portal.js';

const DEVICES = '{ devices { totalCount } }';
const SCOPES = '{ viewer { scopes } }';

describe('repeated import', () => {
  let api: TestPortal;
  let owner: GivenUser;
  usePortal(
    async (started) => {
      api = started;
      owner = await api.given.user();
    },
    { environment: { API_KEYS_ACCEPT_LEGACY: 'true' } },
  );

  const oldKey = () => {
    const secret = oldSecret();
    const row = oldRow(owner, {
      key_hash: hashOf(secret),
      scopes: ['devices:read', 'alerts:read'],
      expires_at: '2099-01-01T00:00:00.000Z',
      last_used_at: null as string | null,
      revoked_at: null as string | null,
    });
    return { secret, row };
  };
  const importRows = (...rows: unknown[]): Promise<ImportReport> =>
    api.app
      .get(KeyImportService, { strict: false })
      .import(Readable.from(rows.map((row, n) => ({ line: n + 1, row }))));
  const stored = async (id: string) => {
    const [row] = await api.database.sql(
      'select tenant_id, user_id, scopes, expires_at, revoked_at, version from api_keys where id = $1',
      [id],
    );
    return row;
  };
  const events = async (id: string) => {
    const told = await api.database.sql<{ kind: string; changes: unknown }>(
      'select kind, changes, actor_id from api_key_events where api_key_id = $1 order by at, kind',
      [id],
    );
    return told.slice(1);
  };

  it('a repeated import takes the scopes from a key that it has lost in the replaced system, and records the change', async () => {
    const { secret, row } = oldKey();
    await importRows(row);
    expect((await api.query(DEVICES, { key: secret })).status).toBe(200);
    expect(await importRows({ ...row, scopes: ['alerts:read', 'config:read'] })).toMatchObject({ updated: 1 });
    await api.caughtUp();
    expect((await api.query(SCOPES, { key: secret })).at('viewer.scopes')).toEqual(['alerts:read']);
    expect((await api.query(DEVICES, { key: secret })).reason).toBe('MISSING_SCOPE');
    expect(await stored(row.id)).toMatchObject({ scopes: ['alerts:read'], version: 2 });
    const changes = { scopes: { old: ['devices:read', 'alerts:read'], new: ['alerts:read'] } };
    expect(await events(row.id)).toEqual([{ kind: 'UPDATED', changes, actor_id: null }]);
  });

  it('a repeated import takes every scope from a key that has none left', async () => {
    const { row } = oldKey();
    await importRows(row);
    expect(await importRows({ ...row, scopes: [] })).toMatchObject({ updated: 1 });
    expect(await stored(row.id)).toMatchObject({ scopes: [] });
  });

  it.each([
    ['a later expiry', '2099-01-01T00:00:00.000Z'],
    ['no expiry', null],
  ])(
    'a repeated import lets a key end as early as in the replaced system, where it had %s, and records the change',
    async (_, before) => {
      const { secret, row } = oldKey();
      await importRows({ ...row, expires_at: before });
      const ended = '2025-06-07T08:09:10.111Z';
      expect(await importRows({ ...row, expires_at: ended })).toMatchObject({ updated: 1 });
      await api.caughtUp();
      expect((await api.query(SCOPES, { key: secret })).reason).toBe('EXPIRED_KEY');
      expect(await events(row.id)).toEqual([
        { kind: 'UPDATED', changes: { expiresAt: { old: before, new: ended } }, actor_id: null },
      ]);
    },
  );

  it('a repeated import widens neither scopes nor expiry, and a revoked key stays unchanged', async () => {
    const { row } = oldKey();
    await importRows(row);
    const wider = { ...row, scopes: [...row.scopes, 'config:read'], expires_at: null };
    expect(await importRows(wider)).toMatchObject({ updated: 0, unchanged: 1, differing: [] });
    await importRows({ ...row, revoked_at: '2025-01-01T00:00:00Z' });
    const before = await stored(row.id);
    expect(await importRows({ ...row, scopes: [] })).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await stored(row.id)).toEqual(before);
  });

  it('a repeated import reports a key of another user by line and id, and still ends it', async () => {
    const { row } = oldKey();
    await importRows(row);
    const successor = await api.given.user({ tenant: { id: String(owner.tenantId), name: '' } });
    for (const user_id of [successor.id, randomUUID()]) {
      const reason = 'user_id: the key belongs to another user here';
      const report = await importRows(oldKey().row, { ...row, user_id });
      expect(report).toMatchObject({ imported: 1, unchanged: 1, skipped: [] });
      expect(report.differing).toEqual([{ line: 2, id: row.id, reason }]);
    }
    const revoked = { ...row, user_id: successor.id, revoked_at: '2025-01-01T00:00:00Z' };
    expect(await importRows(revoked)).toMatchObject({ updated: 1 });
    expect((await stored(row.id))?.['revoked_at']).not.toBeNull();
  });

  it('a repeated import changes nothing of a key for a row that names another tenant, and reports the row', async () => {
    const { secret, row } = oldKey();
    await importRows(row);
    const stranger = await api.given.user();
    const before = await stored(row.id);
    const foreign = { ...row, tenant_id: stranger.tenantId, user_id: stranger.id };
    for (const change of [
      { revoked_at: '2025-01-01T00:00:00Z' },
      { scopes: [] },
      { expires_at: '2025-01-01T00:00:00Z' },
      { last_used_at: '2025-01-01T00:00:00Z' },
    ]) {
      const report = await importRows({ ...foreign, ...change });
      expect(report.skipped).toEqual([
        { line: 1, id: row.id, reason: 'tenant_id: the key belongs to another tenant here' },
      ]);
    }
    expect(await stored(row.id)).toEqual(before);
    expect(await events(row.id)).toEqual([]);
    expect((await api.query(SCOPES, { key: secret })).status).toBe(200);
  });

  it('a row of another tenant in the same import changes nothing of a key', async () => {
    const { row } = oldKey();
    const stranger = await api.given.user();
    const foreign = { ...row, tenant_id: stranger.tenantId, user_id: stranger.id, revoked_at: '2025-01-01T00:00:00Z' };
    expect(await importRows(row, foreign)).toMatchObject({ imported: 1, skipped: [{ line: 2, id: row.id }] });
    expect(await stored(row.id)).toMatchObject({ tenant_id: owner.tenantId, revoked_at: null });
  });

  it.each([
    ['key_prefix', (secret: string) => ({ key_prefix: secret })],
    ['key_prefix', (secret: string) => ({ key_prefix: secret.slice(0, 30) })],
    ['name', (secret: string) => ({ name: secret })],
  ])('an import refuses a row whose %s is the key, or most of it, without showing it', async (column, shown) => {
    const { secret, row } = oldKey();
    const report = await importRows({ ...row, ...shown(secret) });
    expect(report.skipped).toEqual([{ line: 1, id: row.id, reason: expect.stringMatching(`^${column}: `) }]);
    expect(JSON.stringify(report)).not.toContain(secret.slice(5, 30));
  });

  it('an import counts keys whose beginning is not that of accepted keys', async () => {
    const report = await importRows(oldKey().row, { ...oldKey().row, key_prefix: 'tod_abcd' });
    expect(report).toMatchObject({ imported: 2, otherPrefix: 1 });
  });
});
