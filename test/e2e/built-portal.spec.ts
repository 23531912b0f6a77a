import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import type { GraphQLSchema, IntrospectionQuery } from 'graphql';
import { serve, type Served } from '../support/command-line.js';
import { post } from '../support/post.js';
import { TestDatabase } from '../support/test-database.js';
import { until } from '../support/until.js';

const COMMITTED = resolve(import.meta.dirname, '../../schema.graphql');
const sorted = (schema: GraphQLSchema) => printSchema(lexicographicSortSchema(schema));

/** What a bundle of the modules could lose: names of classes, files beside a module, and places in our sources. */
describe('the built portal', () => {
  let cwd: string;
  let database: TestDatabase;
  let served: Served;
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'latchkey-built-'));
    database = await TestDatabase.create();
    const environment = { DATABASE_URL: database.url, NODE_OPTIONS: '--enable-source-maps' };
    served = await serve(['--demo'], { cwd, environment });
  });
  afterAll(async () => {
    await served.end('SIGTERM');
    await database.drop();
    await rm(cwd, { recursive: true });
  });

  const url = () => served.printed('URL') ?? '';
  const ask = (query: string) => post(url(), JSON.stringify({ query }), { key: served.printed('API key') ?? '' });

  it('the built portal serves the types of schema.graphql, which are named after classes', async () => {
    const answer = await ask(getIntrospectionQuery());
    const committed = buildSchema(await readFile(COMMITTED, 'utf8'));
    const { data } = JSON.parse(answer.text) as { data: IntrospectionQuery };
    expect(sorted(buildClientSchema(data))).toBe(sorted(committed));
  });

  it.each(['/console', '/graphql'])('the built portal serves the page %s and the files that it names', async (path) => {
    const page = await fetch(new URL(path, url()), { headers: { accept: 'text/html' } });
    const files = [...(await page.text()).matchAll(/(?:src|href)="([^":]+)"/g)].map(([, file]) => String(file));
    expect(files).not.toEqual([]);
    const statuses = files.map(async (file) => [file, (await fetch(new URL(file, page.url))).status]);
    expect(await Promise.all(statuses)).toEqual(files.map((file) => [file, 200]));
  });

  it('an error that nobody foresaw is logged with the name of its class and with places in our sources', async () => {
    await database.sql('alter table devices rename to lost');
    await ask('{ devices { totalCount } }');
    await database.sql('alter table lost rename to devices');
    await until('the error is logged', () => served.output().stdout.includes('resolver failed'));
    expect(served.output().stdout).toContain('"type": "DatabaseError"');
    expect(served.output().stdout).toMatch(/libs\/devices\/src\/[\w./-]+\.ts:\d+/);
  });
});
