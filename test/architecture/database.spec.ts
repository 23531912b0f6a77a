import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMA } from '../../mikro-orm.config.js';
import { migrate } from '#database';
import { openOrm, ROLES } from '#database/testing';
import { BEYOND_THE_ORM, schemaDifference } from '../support/schema-difference.js';
import { TestDatabase } from '../support/test-database.js';

/** Policies that open on `true`: each for a role that works across tenants by its nature. */
const CROSS_TENANT_POLICIES = ['verifier_reads', 'jobs_work'];
const LOGIN = 'portal';
const LIBS = join(import.meta.dirname, '../../libs');

describe('schema and migrations', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterAll(() => database.drop());

  const asOwner = async <Result>(work: (orm: Awaited<ReturnType<typeof openOrm>>) => Promise<Result>) => {
    const orm = await openOrm({ url: database.url, role: undefined, max: 1, ...SCHEMA });
    try {
      return await work(orm);
    } finally {
      await orm.close(true);
    }
  };
  const difference = () => asOwner(schemaDifference);
  const tables = async () => {
    const rows = await database.sql<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
    );
    return rows.map(({ name }) => name);
  };

  it('the schema contains every migration file of every room, and each class is named after its file', () => {
    const files = readdirSync(LIBS).flatMap((room) => {
      const folder = join(LIBS, room, 'src/migrations');
      return existsSync(folder) ? readdirSync(folder) : [];
    });
    const classes = files.map((file) => `Migration${file.replace('.ts', '').replaceAll('-', '_')}`);
    expect(classes).not.toHaveLength(0);
    expect(SCHEMA.migrations.map(({ name }) => name)).toEqual(classes.toSorted());
  });

  it('the migrations build the schema that the entities describe', async () => {
    expect(await difference()).toBe('');
  });

  it('the schema has the foreign key that the entities cannot describe', async () => {
    const keys = await database.sql(`select convalidated as holds from pg_constraint where conname = $1`, [
      BEYOND_THE_ORM,
    ]);
    expect(keys).toEqual([{ holds: true }]);
  });

  it('a missing row level security policy, check or index shows as a difference between the schema and the entities', async () => {
    await database.sql('drop policy tenant_isolation on devices');
    await database.sql('alter table api_keys drop constraint api_keys_expires_at_check');
    await database.sql('drop index devices_tenant_id_hostname_unique');
    const sql = await difference();
    expect(sql).toContain('tenant_isolation');
    expect(sql).toContain('api_keys_expires_at_check');
    expect(sql).toContain('devices_tenant_id_hostname_unique');
  });

  it('all migrations can be undone and run again', async () => {
    await asOwner(async (orm) => orm.migrator.down({ to: 0 }));
    expect(await tables()).toEqual(['migrations']);
    await migrate({ url: database.url, ...SCHEMA });
    expect(await tables()).toContain('api_keys');
    expect(await difference()).toBe('');
  });
});

describe('database catalogue', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterAll(() => database.drop());

  it('the catalogue has tables of tenants to check', async () => {
    const rows = await database.sql(
      `select from pg_attribute where attname = 'tenant_id' and attrelid = 'api_keys'::regclass`,
    );
    expect(rows).toHaveLength(1);
  });

  it('every table of a tenant has forced row level security and a row level security policy (C1)', async () => {
    const open = await database.sql(`
      select c.oid::regclass from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and (not c.relrowsecurity or not c.relforcerowsecurity
             or not exists (select from pg_policy p where p.polrelid = c.oid))`);
    expect(open).toEqual([]);
  });

  it.each([...ROLES])(
    'the role %s is no superuser, does not bypass row level security, makes no roles and owns nothing (C2)',
    async (role) => {
      const powers = await database.sql(
        `select rolname::text from pg_roles r
       where pg_has_role($1, r.oid, 'member') and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)
       union all select relname::text from pg_class where relowner = $1::regrole`,
        [role],
      );
      expect(powers).toEqual([]);
    },
  );

  it('the login is ordinary and inherits none of its roles', async () => {
    const [login] = await database.sql(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = $1`,
      [LOGIN],
    );
    expect(login).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false });
    const inherited = await database.sql(
      `select roleid::regrole from pg_auth_members where member = $1::regrole and (inherit_option or not set_option)`,
      [LOGIN],
    );
    expect(inherited).toEqual([]);
  });

  it('views run with the rights of the caller (C3)', async () => {
    const views = await database.sql(`
      select oid::regclass::text from pg_class
      where relkind = 'v' and relnamespace = 'public'::regnamespace
        and not coalesce(reloptions::text like '%security_invoker=true%', false)`);
    expect(views).toEqual([]);
  });

  it('functions that run with the rights of their owner pin their search path (C4)', async () => {
    const functions = await database.sql(`
      select proname from pg_proc
      where prosecdef and pronamespace = 'public'::regnamespace and coalesce(proconfig::text, '') not like '%search_path%'`);
    expect(functions).toEqual([]);
  });

  it.each([...ROLES])('the role %s cannot truncate, reference or put triggers on a table (C5)', async (role) => {
    const grants = await database.sql(
      `select table_name, privilege_type from information_schema.role_table_grants
       where grantee = $1 and privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')`,
      [role],
    );
    expect(grants).toEqual([]);
  });

  it('only the listed row level security policies allow access by a literal (C6)', async () => {
    const policies = await database.sql(
      `select polrelid::regclass, polname from pg_policy
       where pg_get_expr(polqual, polrelid) = 'true' and not polname = any($1)
          or pg_get_expr(polqual, polrelid) ~ '(super_?admin|\\*)'
          or 'portal_app'::regrole = any(polroles) and polpermissive and pg_get_expr(polqual, polrelid) !~ 'app\\.tenant_id'`,
      [CROSS_TENANT_POLICIES],
    );
    expect(policies).toEqual([]);
  });
});
