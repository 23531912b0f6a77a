import { randomUUID } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { KeyAdministration } from '#api-keys';
import { administratorSql, migrate, schemaState } from '#database';
import { composeSchema, type Schema } from '#database/schema';
import { type HostOwners, hostOwners } from '#tenancy/schema';
import { HOST_TABLES, AppWithOwners, OWNERS, ROOMS, SCHEMA } from '../support/app-with-owners.js';
import { TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

describe('tables of the application as owners of keys, in a schema of our own', () => {
  let database: TestDatabase;
  let app: INestApplication;
  beforeAll(async () => {
    database = await TestDatabase.create();
    await database.sql(HOST_TABLES);
    await migrate({ url: database.url, ...SCHEMA });
    app = await NestFactory.create(AppWithOwners.on(database.url), new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  /** Changes of the application itself, by its own login. */
  const host = async (text: string, values: unknown[] = []) => database.sqlAs('portal', undefined, text, values);

  let people = 0;
  async function member(columns: Record<string, unknown> = {}): Promise<{ id: string; mail: string; secret: string }> {
    const row = { account_id: 2, mail: `member-${people++}@example.test`, ...columns };
    const names = Object.keys(row);
    const [made] = await host(
      `insert into crm.members (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')}) returning id`,
      Object.values(row),
    );
    const input = { owner: row.mail, name: 'Key', scopes: ['things:read'] };
    const { secret } = await app.get(KeyAdministration, { strict: false }).create(input);
    return { id: String(made?.['id']), mail: row.mail, secret };
  }

  async function answerTo(secret: string, path = '/things'): Promise<[number, string | undefined]> {
    const response = await fetch(`${await app.getUrl()}${path}`, { headers: { authorization: `Bearer ${secret}` } });
    const body = await response.text();
    return [response.status, response.ok ? undefined : (JSON.parse(body) as { reason?: string }).reason];
  }

  const followed = (table: string, condition = 'true') =>
    database.sql<Record<string, unknown>>(`select * from latchkey.${table} where ${condition}`);

  it('rows from before the migration are owners, with ids, names and e-mails as the options say', async () => {
    const [tenant] = await followed('tenants', `name = 'First'`);
    expect(tenant?.['id']).toBe('00000000-0000-0000-0000-000000000001');
    const [early] = await followed('users', `email = 'early@example.test'`);
    expect(early).toMatchObject({ tenant_id: tenant?.['id'], role: 'VIEWER', is_active: true, kind: 'HUMAN' });
  });

  it('a key of a new member works, and its scopes are cut to the role that the application gives the member', async () => {
    const { id, mail, secret } = await member({ is_admin: true });
    const keys = app.get(KeyAdministration, { strict: false });
    const wide = await keys.create({ owner: mail, name: 'Wide', scopes: ['things:write'] });
    expect(await answerTo(secret)).toEqual([200, undefined]);
    expect(await answerTo(wide.secret, '/things/more')).toEqual([200, undefined]);
    await host('update crm.members set is_admin = false where id = $1', [id]);
    await until('the scope is gone', async () => (await answerTo(wide.secret, '/things/more'))[0] === 403);
    expect(await answerTo(wide.secret, '/things/more')).toEqual([403, 'MISSING_SCOPE']);
    expect(await answerTo(secret)).toEqual([200, undefined]);
  });

  it.each([
    ['who has left', 'left_at = now()', 'OWNER_INACTIVE'],
    ['with a role that no option names', `job = 'guest'`, 'OWNER_INACTIVE'],
    ['who belongs to no tenant any more', 'account_id = null', 'OWNER_INACTIVE'],
  ])('the keys of a member %s are refused, and work again when that is undone', async (_, change, reason) => {
    const { id, secret } = await member();
    expect(await answerTo(secret)).toEqual([200, undefined]);
    await host(`update crm.members set ${change} where id = $1`, [id]);
    await until('the key is refused', async () => (await answerTo(secret))[0] === 401);
    expect(await answerTo(secret)).toEqual([401, reason]);
    await host(`update crm.members set left_at = null, job = 'staff', account_id = 2 where id = $1`, [id]);
    await until('the key works', async () => (await answerTo(secret))[0] === 200);
  });

  it('the keys of a tenant that the application closes are refused', async () => {
    const [account] = await host(`insert into crm."Accounts" (title) values ('Third') returning id`);
    const { secret } = await member({ account_id: account?.['id'] });
    expect(await answerTo(secret)).toEqual([200, undefined]);
    await host('update crm."Accounts" set "closedAt" = now() where id = $1', [account?.['id']]);
    await until('the key is refused', async () => (await answerTo(secret))[0] === 401);
    expect(await answerTo(secret)).toEqual([401, 'TENANT_SUSPENDED']);
  });

  it('the keys of a deleted member, and of the members of a deleted tenant, are gone', async () => {
    const [account] = await host(`insert into crm."Accounts" (title) values ('Fourth') returning id`);
    const [one, other] = [await member(), await member({ account_id: account?.['id'] })];
    for (const { secret } of [one, other]) expect(await answerTo(secret)).toEqual([200, undefined]);
    await host('delete from crm.members where id = $1', [one.id]);
    await host('delete from crm."Accounts" where id = $1', [account?.['id']]);
    for (const { secret } of [one, other]) {
      await until('the key is refused', async () => (await answerTo(secret))[0] === 401);
      expect(await answerTo(secret)).toEqual([401, 'INVALID_KEY']);
    }
  });

  it('a change that is rolled back changes no owner, and a change of many rows is one statement for all', async () => {
    const { id, secret } = await member();
    await host(`begin; update crm.members set left_at = now(); rollback`);
    expect(await answerTo(secret)).toEqual([200, undefined]);
    await host(
      `insert into crm.members (account_id, mail) select 1, 'many-' || number || '@example.test' from generate_series(1, 2000) number`,
    );
    expect(await followed('users', `email like 'many-%' and is_active`)).toHaveLength(2_000);
    await host(`update crm.members set left_at = now() where mail like 'many-%' or id = $1`, [id]);
    await until('the key is refused', async () => (await answerTo(secret))[0] === 401);
    expect(await followed('users', `email like 'many-%' and is_active`)).toHaveLength(0);
  });

  it('a second migration finds nothing to do; changed options are pending until the next one', async () => {
    expect(await migrate({ url: database.url, ...SCHEMA })).toEqual([]);
    const users = { ...OWNERS.users, isActive: `left_at is null and mail not like 'retired%'` };
    const changed = composeSchema([...ROOMS, hostOwners({ ...OWNERS, users })], { schema: 'latchkey' });
    const { id } = await member({ mail: 'retired@example.test' });
    expect((await schemaState({ url: database.url, ...changed })).pending).toEqual(['hostOwners users']);
    expect(await migrate({ url: database.url, ...changed })).toEqual(['hostOwners users']);
    expect(await followed('users', `id = '${id}' and is_active`)).toEqual([]);
    await host('alter table crm.members disable trigger latchkey_users_update_latchkey');
    expect((await schemaState({ url: database.url, ...changed })).pending).toEqual(['hostOwners users']);
    expect(await migrate({ url: database.url, ...SCHEMA })).toEqual(['hostOwners users']);
  });

  it('owners that changed options leave out are gone after the next migration, also where other rows have no id or no e-mail', async () => {
    const [left, kept] = [await member(), await member()];
    await host(`update crm.members set job = 'guest' where id = $1`, [left.id]);
    await host('insert into crm.members (account_id, mail, is_admin) values (2, $1, true)', ['without an id']);
    const users = {
      ...OWNERS.users,
      id: `case when job <> 'guest' and mail <> 'without an id' then members.id end`,
      email: `case when members.id <> '${kept.id}' then mail end`,
    };
    await migrate({ url: database.url, ...withUsers(users) });
    expect(await followed('users', `id = '${left.id}'`)).toEqual([]);
    expect(await followed('users', `id = '${kept.id}'`)).toEqual([
      expect.objectContaining({ email: `${kept.id}@users.invalid`, is_active: true }),
    ]);
    await host('update crm.members set left_at = now() where id = $1', [kept.id]);
    expect(await followed('users', `id = '${kept.id}' and not is_active`)).toHaveLength(1);
    expect(await migrate({ url: database.url, ...SCHEMA })).toEqual(['hostOwners users']);
  });

  it('one table of the application can be tenants and users, of two schemas of one database', async () => {
    const table = 'crm.members';
    const alone = {
      tenants: { table, id: 'members.id', name: 'mail' },
      users: { table, id: 'members.id', tenantId: 'members.id', role: `'VIEWER'`, isActive: 'true', email: 'mail' },
    };
    const second = composeSchema([...ROOMS, hostOwners(alone)], { schema: 'second' });
    expect(await migrate({ url: database.url, ...second })).toContain('hostOwners users');
    expect((await schemaState({ url: database.url, ...SCHEMA })).pending).toEqual([]);
    const { id, secret } = await member();
    const rows = () =>
      database.sql(`select from second.users join second.tenants on tenants.id = tenant_id where users.id = '${id}'`);
    expect([await rows(), await answerTo(secret)]).toEqual([[{}], [200, undefined]]);
    await host('delete from crm.members where id = $1', [id]);
    expect(await rows()).toEqual([]);
    await database.sql('drop schema second cascade');
  });

  it('the login that serves needs no right on the tables of the application', async () => {
    const login = `serving_${randomUUID().slice(0, 8)}`;
    await database.sql(`create role ${login} login password 'password of it'`);
    for (const statement of administratorSql(login)) await database.sql(statement);
    const servingUrl = Object.assign(new URL(database.url), { username: login, password: 'password of it' }).href;
    await migrate({ url: database.url, servingUrl, ...SCHEMA });
    expect(await schemaState({ url: servingUrl, ...SCHEMA })).toEqual({ pending: [], unknown: [] });
    await database.sql(`drop owned by ${login}; drop role ${login}`);
  });

  it('tables of the same names in the schema public mean nothing to this application', async () => {
    const { secret } = await member();
    expect(await answerTo(secret)).toEqual([200, undefined]);
    const counts = 'select (select count(*) from public.users) + (select count(*) from public.api_keys) as rows';
    expect(await database.sql(counts)).toEqual([{ rows: '0' }]);
  });

  it('no login but the one that migrates may run the function of the triggers', async () => {
    const [right] = await database.sql<{ may: boolean }>(
      `select has_function_privilege('portal_app', 'latchkey.follow_users()', 'execute') as may`,
    );
    expect(right).toEqual({ may: false });
    const [made] = await database.sql<Record<string, unknown>>(
      `select proowner::regrole::text as owner, prosecdef as definer, proconfig as config
       from pg_proc where oid = 'latchkey.follow_users()'::regprocedure`,
    );
    expect(made).toEqual({ owner: 'portal_jobs', definer: true, config: ['search_path=pg_catalog, pg_temp'] });
    const [jobs] = await database.sql<Record<string, unknown>>(
      `select has_table_privilege('portal_jobs', 'crm.members', 'select') as reads,
         has_schema_privilege('portal_jobs', 'latchkey', 'create') as makes`,
    );
    expect(jobs).toEqual({ reads: false, makes: false });
  });

  const withUsers = (change: Partial<HostOwners['users']>): Schema =>
    composeSchema([...ROOMS, hostOwners({ ...OWNERS, users: { ...OWNERS.users, ...change } })], { schema: 'latchkey' });

  it.each([
    [
      'a column that is not there',
      { isActive: 'gone is null' },
      /^hostOwners: users\.isActive: column "gone" does not exist\.$/,
    ],
    [
      'an expression of another type',
      { tenantId: 'account_id' },
      /^hostOwners: users\.tenantId: cannot cast .* uuid\.$/,
    ],
    [
      'a table that is not there',
      { table: 'crm.people' },
      /^hostOwners: users\.id: relation "crm\.people" does not exist\.$/,
    ],
  ])('a migration names the option that is wrong: %s', async (_, change, sentence) => {
    await expect(migrate({ url: database.url, ...withUsers(change) })).rejects.toThrow(sentence);
  });

  it('names that are no names are refused before anything is asked of the database', () => {
    expect(() => withUsers({ table: 'a.b.c' })).toThrow('hostOwners: users.table: "a.b.c" is no name of a table');
    expect(() => withUsers({ table: 'x; drop' })).toThrow('hostOwners: users.table: "x; drop" is no name of a table');
    for (const schema of ['Latchkey', 'pg_mine', 'a"b', ''])
      expect(() => composeSchema(ROOMS, { schema })).toThrow(`composeSchema: schema: "${schema}" has to be a name`);
  });
});
