import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA } from '../../mikro-orm.config.js';
import { openOrm } from '#database/testing';
import { schemaDifference } from '../support/schema-difference.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';

const LIBS = join(import.meta.dirname, '../../libs');

describe('change triggers', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterAll(() => database.drop());

  /** What the triggers of the database are called with: kind, names, watched columns. */
  const triggers = async (event: string) =>
    database.sql<{ table: string; names: string; watched: string; enabled: string }>(
      `select tgrelid::regclass::text as table, arguments[2] as names, arguments[3] as watched, tgenabled as enabled
       from pg_trigger, string_to_array(encode(tgargs, 'escape'), '\\000') as arguments
       where not tgisinternal and tgname like '%_announce_' || $1 order by 1`,
      [event],
    );

  it('the change triggers watch every column that a verdict depends on', async () => {
    const api = await TestPortal.start({ database });
    const { secret } = await api.given.apiKey();
    const statements = await api.sqlOf(() => api.query('{ viewer { kind } }', { key: secret }));
    await api.stop();
    const verdict = statements.find((sql) => sql.includes('where key_hash = $1')) ?? '';
    await database.sql(`create view verdict as ${verdict.replaceAll('$1', `''`)}`);
    const columns = await database.sql<{ name: string }>(`select table_name || '.' || column_name as name
      from information_schema.view_column_usage where view_name = 'verdict' order by 1`);
    await database.sql('drop view verdict');
    const watched = (await triggers('update')).flatMap(({ table, names, watched }) =>
      `${names}, ${watched}`.split(', ').map((column) => `${table}.${column}`),
    );
    const restedOn = columns.map(({ name }) => name);
    expect(restedOn).toContain('api_keys.revoked_at');
    // Use of a key must not be announced; it can only lengthen the key's life.
    expect(restedOn.filter((column) => !watched.includes(column))).toEqual(['api_keys.last_used_at']);
  });

  it('the change triggers watch no table of a room that writes quietly: such a change would take effect only after its reply', async () => {
    const sourcesOf = (room: string, end: string) =>
      readdirSync(join(LIBS, room, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith(end))
        .map((path) => readFileSync(join(LIBS, room, 'src', path), 'utf8'));
    const quiet = readdirSync(LIBS).filter((room) => room !== 'database' && sourcesOf(room, '.ts').some(writesQuietly));
    const tables = quiet.flatMap((room) =>
      sourcesOf(room, '.entity.ts').flatMap((source) => /tableName: '(\w+)'/.exec(source)?.[1] ?? []),
    );
    expect(tables).toEqual(expect.arrayContaining(['alerts', 'config_backups', 'devices', 'firmware_upgrades']));
    const watched = (await triggers('update')).map(({ table }) => table);
    expect(tables.filter((table) => watched.includes(table))).toEqual([]);
  });

  it.each(['update', 'delete', 'truncate'])(
    'the change triggers fire on every %s, in replica sessions too',
    async (event) => {
      const tables = (await triggers(event)).map(({ table, enabled }) => [table, enabled]);
      expect(tables).toEqual(
        expect.arrayContaining([
          ['api_keys', 'A'],
          ['tenants', 'A'],
          ['users', 'A'],
        ]),
      );
    },
  );

  it('the schema of api-keys declares the change triggers exactly as the migrations make them', async () => {
    const orm = await openOrm({ url: database.url, role: undefined, max: 1, ...SCHEMA });
    try {
      expect(await schemaDifference(orm)).toBe('');
      for (const meta of orm.getMetadata().getAll().values())
        for (const { name, expression } of meta.triggers) {
          const [made] = await database.sql<{ definition: string }>(
            'select pg_get_triggerdef(oid) as definition from pg_trigger where tgname = $1',
            [name],
          );
          expect(plain(made?.definition)).toBe(plain(expression));
        }
    } finally {
      await orm.close(true);
    }
  });

  it('the change triggers disappear when their migration is undone, and come back when it runs again', async () => {
    const orm = await openOrm({ url: database.url, role: undefined, max: 1, ...SCHEMA });
    try {
      await orm.migrator.down({ migrations: ['Migration20261122140000_change_triggers'] });
      expect(await triggers('update')).toEqual([]);
      await orm.migrator.up();
      expect(await triggers('update')).not.toEqual([]);
    } finally {
      await orm.close(true);
    }
  });

  it('the change triggers announce nothing when a key is merely used, or renamed', async () => {
    const rows = await database.sql(`
      with tenant as (insert into tenants (name) values ('t') returning id)
      insert into users (tenant_id, email, name, role) select id, 'a@example.test', 'a', 'VIEWER' from tenant returning id, tenant_id`);
    const [{ id, tenant_id: tenantId }] = rows as [{ id: string; tenant_id: string }];
    const [key] = await database.sql<{ id: string }>(
      `insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash) values ($1, $2, 'k', 'mktp_k', 'hash')
       returning id`,
      [tenantId, id],
    );
    const notified = await notifiedBy(database, [
      `update api_keys set last_used_at = now(), last_used_ip = '::1', name = 'other', attempts_after_revocation = 3 where key_hash = 'hash'`,
      `update users set name = 'other', subject = 's' where email = 'a@example.test'`,
      `update api_keys set scopes = scopes where key_hash = 'hash'`,
      `update api_keys set scopes = '["devices:read"]' where key_hash = 'hash'`,
      `update users set role = 'OPERATOR' where email = 'a@example.test'`,
    ]);
    expect(notified).toEqual([[], [], [], [`key:${key?.id}`], [`user:${id}`]]);
  });

  it('the change triggers name up to 1,000 objects, 100 in a message, and beyond that announce that anything may have changed', async () => {
    await database.sql(`insert into tenants (name) select 'many' from generate_series(1, 1001)`);
    const [thousand, all] = await notifiedBy(database, [
      `update tenants set suspended_at = now() where id in (select id from tenants where name = 'many' limit 1000)`,
      `update tenants set suspended_at = now() - interval '1 day' where name = 'many'`,
    ]);
    expect(thousand?.flatMap((payload) => payload.replace('tenant:', '').split(','))).toHaveLength(1000);
    expect(Math.max(...(thousand ?? []).map(({ length }) => length))).toBeLessThan(8_000);
    expect(all).toEqual(['all']);
  });
});

/**
 * A file that writes quietly for a request: it has the database of a tenant at hand, whatever its members and parameters
 * are called. `JobsDatabase.writeQuietly` names no tenant.
 */
const writesQuietly = (source: string): boolean => /\bTenantDatabase\b/.test(source) && /\bwriteQuietly\b/.test(source);

/** Definitions differ in quotes, case and the schema's name. */
function plain(definition: string | undefined): string {
  return String(definition).toLowerCase().replaceAll('"', '').replaceAll('public.', '').replace(/\s+/g, ' ');
}

/** The payloads of the notifications that each statement sends. */
async function notifiedBy(database: TestDatabase, statements: readonly string[]): Promise<string[][]> {
  return database.withClient(async (client) => {
    let payloads: string[] = [];
    client.on('notification', ({ payload = '' }) => payloads.push(payload));
    await client.query('listen latchkey_changes');
    const all: string[][] = [];
    for (const statement of statements) {
      payloads = [];
      await client.query(statement);
      // A session's own notifications are delivered before it is ready for the next statement.
      await client.query('select 1');
      all.push(payloads);
    }
    return all;
  });
}
