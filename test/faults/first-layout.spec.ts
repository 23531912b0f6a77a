import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate, schemaState } from '#database';
import { openOrm } from '#database/testing';
import { SCHEMA } from '../../mikro-orm.config.js';
import { schemaDifference } from '../support/schema-difference.js';
import { TestDatabase } from '../support/test-database.js';

const FIRST_LAYOUT = join(import.meta.dirname, '../support/first-layout.sql');

/** What the schema comparison does not see is here too: grants, TRUNCATE triggers, bodies of functions. */
const CATALOGUE = `
  select 'column' as kind, format('%s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull, attgenerated) as made
  from pg_attribute join pg_class on pg_class.oid = attrelid
  where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped
  union all select 'grant', format('%s %s', oid::regclass, relacl) from pg_class where relnamespace = 'public'::regnamespace
  union all select 'index', indexdef from pg_indexes where schemaname = 'public'
  union all select 'constraint', format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
  where connamespace = 'public'::regnamespace
  union all select 'policy', pg_policies::text from pg_policies
  union all select 'trigger', format('%s %s', tgenabled, pg_get_triggerdef(oid)) from pg_trigger where not tgisinternal
  union all select 'function', pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
  order by 1, 2`;

describe('migrations of the first layout', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
    await database.withClient(async (client) => {
      await client.query('drop schema public cascade');
      await client.query(
        'create schema public authorization pg_database_owner; grant usage on schema public to public',
      );
      await client.query('set session authorization portal');
      await client.query(await readFile(FIRST_LAYOUT, 'utf8'));
    });
  });
  afterAll(() => database.drop());

  const target = () => ({ url: database.url, ...SCHEMA });
  const executed = () => database.sql<{ name: string }>('select id, name, executed_at from migrations order by id');
  const catalogueOf = async (one: TestDatabase) =>
    (await one.sql<{ kind: string; made: string }>(CATALOGUE)).map(
      ({ kind, made }) => `${kind} ${made.replace(/\s+/g, ' ')}`,
    );

  it('a database of the first layout has run only migrations that this build knows by the same name', async () => {
    const { unknown } = await schemaState(target());
    expect(unknown).toEqual([]);
    expect(await executed()).toHaveLength(13);
  });

  it('a database of the first layout is migrated without running a migration twice', async () => {
    const before = await executed();
    const names = before.map(({ name }) => name);
    const since = SCHEMA.migrations.map(({ name }) => name).filter((name) => !names.includes(name));
    expect(await migrate(target())).toEqual(since);
    expect((await executed()).slice(0, before.length)).toEqual(before);
    expect(await migrate(target())).toEqual([]);
    expect(await database.sql('select name from api_keys')).toEqual([{ name: 'ci' }]);
  });

  it('a migrated database of the first layout has the schema that the entities describe, and that a new database gets', async () => {
    const orm = await openOrm({ ...target(), role: undefined, max: 1 });
    const difference = await schemaDifference(orm);
    await orm.close(true);
    expect(difference).toBe('');
    const fresh = await TestDatabase.create();
    const expected = await catalogueOf(fresh);
    await fresh.drop();
    expect(expected).toEqual(expect.arrayContaining([expect.stringMatching(/^trigger A .*tenants_announce_truncate/)]));
    expect(await catalogueOf(database)).toEqual(expected);
  });
});
