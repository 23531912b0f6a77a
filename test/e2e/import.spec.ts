import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { KeyImportService } from '#api-keys';
import type { GivenUser } from '../support/given.js';
import { portal } from '../support/command-line.js';
import { askKeys } from '../support/key-operations.js';
import { hashOf, oldRow, oldSecret } from '../support/old-row.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

/** How many rows the large import brings; the long run sets 100,000. */
const ROWS = Number(process.env['IMPORT_ROWS'] ?? 2_500);
const OLD_SCHEMA = `
  create table api_keys (
    id uuid primary key default gen_random_uuid(), tenant_id uuid not null, user_id uuid not null, name text not null,
    key_prefix text not null, key_hash text not null unique, scopes jsonb not null default '[]', expires_at timestamptz,
    last_used_at timestamptz, created_at timestamptz not null default now(), revoked_at timestamptz)`;

interface Report {
  read: number;
  imported: number;
  updated: number;
  unchanged: number;
  otherPrefix: number;
  skipped: { line: number | null; id: string | null; reason: string }[];
  differing: { line: number | null; id: string | null; reason: string }[];
}

describe('import', () => {
  let api: TestPortal;
  let owner: GivenUser;
  let folder: string;
  beforeAll(async () => {
    api = await TestPortal.start({ environment: { API_KEYS_ACCEPT_LEGACY: 'true' } });
    owner = await api.given.user();
    folder = await mkdtemp(join(tmpdir(), 'latchkey-import-'));
  });
  afterAll(async () => {
    await api.stop();
    await rm(folder, { recursive: true });
  });

  const row = (members: Record<string, unknown> = {}) =>
    oldRow(owner, {
      expires_at: null,
      last_used_at: '2024-05-06T07:08:09.123456+00:00',
      revoked_at: null,
      ...members,
    });
  const importFrom = async (from: string): Promise<Report> => {
    const run = await portal(['import', '--from', from, '--json'], {
      cwd: folder,
      environment: { DATABASE_URL: api.database.url },
    });
    if (run.exitCode !== 0) throw new Error(run.stderr);
    return JSON.parse(run.stdout) as Report;
  };
  const importRows = (rows: unknown[]): Promise<Report> =>
    api.app.get(KeyImportService, { strict: false }).import(Readable.from(rows.map((row) => ({ line: null, row }))));

  it('an imported key works as before', async () => {
    const key = oldSecret();
    const report = await importRows([row({ key_hash: hashOf(key) })]);
    expect(report).toMatchObject({ read: 1, imported: 1, skipped: [] });
    expect((await api.query('{ viewer { scopes } }', { key })).at('viewer.scopes')).toEqual(['devices:read']);
    const recorded = await api.database.sql(
      `select kind, actor_id, actor_name, actor_key_id from api_key_events
       where api_key_id = (select id from api_keys where key_hash = $1)`,
      [hashOf(key)],
    );
    expect(recorded).toEqual([{ kind: 'IMPORTED', actor_id: null, actor_name: null, actor_key_id: null }]);
  });

  it('import reports each row that it skips, and imports the others', async () => {
    const stranger = await api.given.user();
    const known = row();
    const bad: [Record<string, unknown> | string, RegExp][] = [
      ['{bad json', /^row: /],
      [row({ name: 'a\u0000b' }), /^name: holds a character/],
      [row({ scopes: ['\ud800'] }), /^scopes.0: holds a character/],
      [row({ name: 'x'.repeat(1_000) }), /^name: is longer/],
      [row({ expires_at: '9999-12-31T23:59:59-05:00' }), /^expires_at: is not of the years/],
      [row({ key_hash: 'ABC' }), /^key_hash: must be 64/],
      [row({ id: 'x' }), /^id: /],
      [row({ scopes: [1] }), /^scopes.0: /],
      [row({ expires_at: 'infinity' }), /^expires_at: /],
      [row({ tenant_id: randomUUID() }), /^tenant_id: there is no such tenant/],
      [row({ user_id: randomUUID() }), /^user_id: there is no such user/],
      [row({ user_id: stranger.id }), /^user_id: is a user of another tenant/],
      [row({ key_hash: known.key_hash }), /^key_hash: (is that of another key|stands twice)/],
    ];
    await importRows([known]);
    const report = await importRows([...bad.map(([value]) => value), row()]);
    expect(report).toMatchObject({ read: bad.length + 1, imported: 1 });
    const reasons = report.skipped.map(({ reason }) => reason);
    for (const [, reason] of bad) expect(reasons).toContainEqual(expect.stringMatching(reason));
    expect(reasons).toHaveLength(bad.length);
  });

  it('import applies later rows of a key, and a good row after a bad row of the same hash', async () => {
    const [old, key_hash] = [row(), hashOf(oldSecret())];
    const revoked = { ...old, id: old.id.toUpperCase(), revoked_at: '2025-01-01T00:00:00Z' };
    const bad = row({ id: '00000000-0000-4000-8000-000000000001', tenant_id: randomUUID(), key_hash });
    expect(await importRows([revoked, old, bad, row({ key_hash })])).toMatchObject({ imported: 2, unchanged: 1 });
    const other = row();
    const later = { ...other, revoked_at: '2025-01-01T00:00:00Z' };
    expect(await importRows([other, later])).toMatchObject({ read: 2, imported: 1, updated: 1, skipped: [] });
    const living = await api.database.sql('select from api_keys where id = any($1) and revoked_at is null', [
      [old.id, other.id],
    ]);
    expect(living).toEqual([]);
  });

  it('import reads a file with one row per line, and reports the skipped rows', async () => {
    const file = join(folder, 'rows.ndjson');
    // As some programs begin a text in UTF-8.
    await writeFile(file, `\uFEFF${JSON.stringify(row())}\n\nno json\n`);
    const environment = { DATABASE_URL: api.database.url };
    const { exitCode, stdout } = await portal(['import', '--from', file], { cwd: folder, environment });
    expect(exitCode).toBe(0);
    expect(stdout.trim().split('\n')).toEqual([
      'read: 2',
      'imported: 1',
      'updated: 0',
      'unchanged: 0',
      'skipped: 1',
      'differing: 0',
      'line 3, (no id): skipped: row: is not JSON',
    ]);
  });

  it('a repeated import carries a revocation and a later use over, and takes nothing back', async () => {
    const old = row();
    await importRows([old]);
    const later = { ...old, revoked_at: '2025-01-01T00:00:00Z', last_used_at: '2024-12-31T00:00:00Z' };
    expect(await importRows([later])).toMatchObject({ updated: 1, imported: 0, unchanged: 0 });
    expect(await importRows([old])).toMatchObject({ updated: 0, unchanged: 1 });
    const rows = await api.database.sql(
      `select revoked_at = $2::timestamptz as revoked, last_used_at = $3::timestamptz as used from api_keys where id = $1`,
      [old.id, later.revoked_at, later.last_used_at],
    );
    expect(rows).toEqual([{ revoked: true, used: true }]);
    const events = 'select kind, changes, actor_id from api_key_events where api_key_id = $1 order by at';
    expect(await api.database.sql(events, [old.id])).toEqual([
      { kind: 'IMPORTED', changes: {}, actor_id: null },
      { kind: 'REVOKED', changes: { revokedAt: { old: null, new: '2025-01-01T00:00:00.000Z' } }, actor_id: null },
    ]);
  });

  it('import finds a key by its old hash when the key was rotated here, and carries its revocation over', async () => {
    const key = oldSecret();
    const old = row({ key_hash: hashOf(key) });
    await importRows([old]);
    const rotated = await askKeys(api, 'rotateApiKey', { input: {} }, { key });
    const secret = rotated.at<string>('rotateApiKey.secret');
    expect(await importRows([old])).toMatchObject({ unchanged: 1, skipped: [] });
    const stolen = row({ key_hash: old.key_hash });
    const reason = 'key_hash: is that of another key';
    expect((await importRows([stolen])).skipped).toEqual([{ line: null, id: stolen.id, reason }]);
    expect((await api.query('{ viewer { scopes } }', { key: secret })).code).toBeUndefined();
    const revoked = { ...old, revoked_at: '2025-01-01T00:00:00Z' };
    expect(await importRows([revoked])).toMatchObject({ updated: 1, skipped: [] });
    await api.caughtUp();
    for (const presented of [key, secret])
      expect((await api.query('{ viewer { scopes } }', { key: presented })).reason).toBe('REVOKED_KEY');
  });

  /** The replaced system's database, with the given number of keys of our owner. */
  const replacedSystem = async (rows: number): Promise<TestDatabase> => {
    const source = await TestDatabase.create();
    await source.sql('drop table api_keys cascade');
    await source.sql(OLD_SCHEMA);
    await source.sql(
      `insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash, scopes, last_used_at)
       select $1, $2, 'key ' || n, 'mktp_' || n, encode(sha256(random()::text::bytea), 'hex'), '["alerts:read"]', now()
       from generate_series(1, $3::int) n`,
      [owner.tenantId, owner.id, rows],
    );
    await source.sql('grant select on api_keys to portal');
    return source;
  };

  it(`import brings ${ROWS} rows from the replaced system's database, and a second run changes nothing`, async () => {
    const source = await replacedSystem(ROWS);
    const first = await importFrom(source.url);
    const none = { read: ROWS, imported: 0, updated: 0, unchanged: 0, otherPrefix: 0, skipped: [], differing: [] };
    expect(first).toEqual({ ...none, imported: ROWS });
    const digest = `select (select md5(string_agg(t::text, ',' order by id)) from api_keys t where name like 'key %'),
      (select count(*)::int from api_key_events where kind = 'IMPORTED') as events`;
    const before = await api.database.sql(digest);
    expect(await importFrom(source.url)).toEqual({ ...none, unchanged: ROWS });
    expect(await api.database.sql(digest)).toEqual(before);
    await source.drop();
  });

  it('import reports that it lost the database that it reads, and keeps what is written', async () => {
    // The first thousand are written while the connection to the others waits.
    const source = await replacedSystem(1_001);
    const run = await api.database.holding('lock table api_keys in exclusive mode', async () => {
      const begun = portal(['import', '--from', source.url], {
        cwd: folder,
        environment: { DATABASE_URL: api.database.url },
      });
      const endReader = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
        and application_name = 'latchkey import' and state = 'idle' and query like '%from api_keys where id >%'`;
      await until('the first page has been read', async () => (await source.sql(endReader)).length > 0, 20_000);
      return { begun };
    });
    const { exitCode, stderr } = await run.begun;
    expect([exitCode, stderr.trim()]).toEqual([1, expect.stringMatching(/^--from cannot be read: [^\n]+$/)]);
    expect(await importFrom(source.url)).toMatchObject({ read: 1_001, imported: 1, unchanged: 1_000 });
    await source.drop();
  });
});
