import { globSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { EntitySchema } from '@mikro-orm/core';
import { DATABASE_SCHEMA, type Schema } from '#database/schema';
import { SCHEMA } from '../../mikro-orm.config.js';
import { type SqlText, sqlTexts } from '../support/sql-tables.js';

const ROOT = resolve(import.meta.dirname, '../..');
/** The schema of each room that has tables. */
const SCHEMAS = new Map<string, Schema>([['database', DATABASE_SCHEMA]]);
for (const file of globSync('libs/*/src/schema.ts', { cwd: ROOT })) {
  const room = file.split('/')[1] ?? '';
  const exported = Object.entries((await import(`#${room}/schema`)) as Record<string, Schema>);
  for (const [name, schema] of exported) if (name.endsWith('_SCHEMA')) SCHEMAS.set(room, schema);
}
const tablesOf = ({ entities }: Schema) =>
  entities.map((entity) => EntitySchema.REGISTRY.get(entity)?.meta.tableName ?? entity.name);
const ROOM_OF = new Map(
  [...SCHEMAS].flatMap(([room, schema]) => tablesOf(schema).map((table) => [table, room] as const)),
);

/** Files whose SQL names tables of another room, those tables, and why the file does not ask the other room. */
const ACROSS_ROOMS: Record<string, { tables: string[]; why: string }> = {
  'apps/portal/src/commands/import-source.ts': {
    tables: ['api_keys'],
    why: 'reads the database of the replaced system, which no room owns',
  },
  'libs/api-keys/src/audit/audit-trail.sql.ts': {
    tables: ['users'],
    why: 'keeps the name of the actor as it is in the very transaction, in one statement',
  },
  'libs/api-keys/src/import/key-import.sql.ts': {
    tables: ['tenants', 'users'],
    why: 'judges a thousand rows against their owners in one statement',
  },
  'libs/api-keys/src/keys/api-key-status.sql.ts': {
    tables: ['tenants', 'users'],
    why: 'the status of a key rests on its owner and its tenant, in lists and filters too',
  },
  'libs/api-keys/src/keys/api-key.sql.ts': {
    tables: ['tenants', 'users'],
    why: 'a page of keys is one read, with the status of each and the role of its owner',
  },
  'libs/api-keys/src/verification/verdict.sql.ts': {
    tables: ['tenants', 'users'],
    why: 'a verdict on a key is one round trip',
  },
};

const roomOf = (file: string): string => /^libs\/([^/]+)\//.exec(file)?.[1] ?? 'portal';

/** By file: the tables of other rooms that its SQL names. */
function acrossRooms(texts: readonly SqlText[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { file, tables } of texts) {
    const others = tables.filter((table) => ROOM_OF.get(table) !== roomOf(file));
    if (others.length > 0) found[file] = [...new Set([...(found[file] ?? []), ...others])].toSorted();
  }
  return found;
}

/** Places with SQL over several tables outside of the files that are for it. */
const misplaced = (texts: readonly SqlText[]): string[] =>
  texts
    .filter(({ file, tables }) => tables.length > 1 && !file.endsWith('.sql.ts'))
    .map(({ file, line, tables }) => `${file}:${line}: ${tables.join(', ')}`);

describe('SQL in the sources', () => {
  const texts = sqlTexts(ROOT, [...ROOM_OF.keys()]);

  it('the search for SQL knows every table of the application, and finds SQL in every room that has tables', () => {
    expect([...ROOM_OF.keys()].toSorted()).toEqual(tablesOf(SCHEMA).toSorted());
    expect([...SCHEMAS.keys()].filter((room) => !texts.some(({ file }) => roomOf(file) === room))).toEqual([]);
  });

  it('SQL names tables of another room only in the files listed here, each with its reason', () => {
    const listed = Object.entries(ACROSS_ROOMS).map(([file, { tables }]) => [file, tables]);
    expect(acrossRooms(texts)).toEqual(Object.fromEntries(listed));
  });

  it('SQL over several tables is in a *.sql.ts', () => expect(misplaced(texts)).toEqual([]));
});

describe('search for SQL', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'sql-tables-'));
  });
  afterAll(() => rm(root, { recursive: true }));

  it.each([
    ['a template', 'await sql`select name from devices where id = ${id}`.execute(session);', ['devices']],
    ['a plain text', `const ONE = 'select name from "users"';`, ['users']],
    [
      'a table read with its own',
      'const ONE = sql`select from alerts a join devices d on d.id = a.device_id`;',
      ['devices'],
    ],
    ['a list of tables', 'const ONE = sql`select from alerts a, tenants where true`;', ['tenants']],
    ['a column', "export const LATE = 'users.created_at < now()';", ['users']],
    ['a change', 'await sql`update tenants set name = ${name}`.execute(session);', ['tenants']],
    ['the query builder', `session.tables<Tables>().selectFrom('users').selectAll();`, ['users']],
    ['an alias in the query builder', `session.tables<Tables>().selectFrom(['alerts', 'users as u']);`, ['users']],
    ['a join in the query builder', `query.selectFrom('alerts').leftJoin('devices as d', 'd.id', 'x');`, ['devices']],
    [
      'a fragment that is inserted',
      'const IDS = sql`select id from devices`; const ALL = sql`select from alerts where id in (${IDS})`;',
      ['devices'],
    ],
  ])('a file that names a table of another room in %s is found', async (_, line, tables) => {
    const file = 'libs/alerts/src/planted.reader.ts';
    await mkdir(join(root, dirname(file)), { recursive: true });
    await writeFile(join(root, file), line);
    expect(acrossRooms(sqlTexts(root, [...ROOM_OF.keys()]))).toEqual({ [file]: tables });
  });

  it('a file with SQL over several tables is found, unless its name ends in .sql.ts', async () => {
    const folder = join(root, 'libs/alerts/src');
    await mkdir(folder, { recursive: true });
    const several =
      'const IDS = sql`select id from devices`;\nconst ALL = sql`select from alerts where id in (${IDS})`;';
    await writeFile(join(folder, 'planted.reader.ts'), several);
    await writeFile(join(folder, 'planted.sql.ts'), several);
    const found = misplaced(sqlTexts(root, [...ROOM_OF.keys()]));
    expect(found).toEqual(['libs/alerts/src/planted.reader.ts:2: alerts, devices']);
  });
});
