import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../support/command-line.js';
import type { GivenUser } from '../support/given.js';
import { usePortal } from '../support/hooks.js';
import { oldRow } from '../support/old-row.js';
import type { TestPortal } from '../support/test-portal.js';

const PAGE = join(import.meta.dirname, '../../docs/import.md');

describe('import from a file', () => {
  let api: TestPortal;
  let owner: GivenUser;
  let folder: string;
  usePortal(async (started) => {
    api = started;
    owner = await api.given.user();
    folder = await mkdtemp(join(tmpdir(), 'latchkey-import-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const row = (members: Record<string, unknown> = {}) => oldRow(owner, members);
  const importFile = async (content: string | Buffer, environment: Record<string, string> = {}) => {
    const file = join(folder, 'rows.ndjson');
    await writeFile(file, content);
    const run = await command(['import', '--from', file], { DATABASE_URL: api.database.url, ...environment });
    return { ...run, lines: run.stdout.trim().split('\n') };
  };
  const namesOf = async (id: string) => api.database.sql('select name from api_keys where id = $1', [id]);

  it('an import reads a name with a line separator of Unicode as part of one row', async () => {
    const one = row({ name: 'before\u2028after' });
    const { lines } = await importFile(`${JSON.stringify(one)}\n`);
    expect(lines).toContain('read: 1');
    expect(await namesOf(one.id)).toEqual([{ name: 'before\u2028after' }]);
  });

  it('an import reads lines that end with CR and LF', async () => {
    const { lines } = await importFile(`${JSON.stringify(row())}\r\n${JSON.stringify(row())}\r\n`);
    expect(lines).toEqual(expect.arrayContaining(['read: 2', 'imported: 2', 'skipped: 0']));
  });

  it('an import refuses a line that is not UTF-8, with its number, and imports the other lines', async () => {
    const bad = row({ name: 'Müller' });
    const content = Buffer.concat([
      Buffer.from(`${JSON.stringify(row())}\n`),
      Buffer.from(`${JSON.stringify(bad)}\n`, 'latin1'),
      Buffer.from(JSON.stringify(row())),
    ]);
    const { exitCode, lines } = await importFile(content);
    expect([exitCode, lines.at(-1)]).toEqual([0, 'line 2, (no id): skipped: row: is not UTF-8']);
    expect(lines).toEqual(expect.arrayContaining(['read: 3', 'imported: 2']));
    expect(await namesOf(bad.id)).toEqual([]);
  });

  it('an import exits with 1 when no row could be imported, and names each line', async () => {
    const foreign = row({ tenant_id: randomUUID() });
    const { exitCode, lines, stderr } = await importFile(`no json\n\n${JSON.stringify(foreign)}\n`);
    expect([exitCode, stderr]).toEqual([1, 'Nothing was imported: every row was skipped.\n']);
    expect(lines.slice(-2)).toEqual([
      'line 1, (no id): skipped: row: is not JSON',
      `line 3, ${foreign.id}: skipped: tenant_id: there is no such tenant here`,
    ]);
  });

  it('an import exits with 0 when all its rows were imported before', async () => {
    const content = JSON.stringify(row());
    await importFile(content);
    expect((await importFile(content)).exitCode).toBe(0);
  });

  it('an import warns that the keys open nothing while keys of the replaced system are not accepted, or begin differently', async () => {
    const content = JSON.stringify(row({ key_prefix: 'tod_abcd' }));
    expect((await importFile(content)).stderr).toMatch(/^Keys of the replaced system open nothing until/);
    const accepting = { API_KEYS_ACCEPT_LEGACY: 'true' };
    expect((await importFile(content, accepting)).stderr).toMatch(
      /^Keys that do not begin with mktp_ open nothing, and 1 are such/,
    );
    expect((await importFile(JSON.stringify(row()), accepting)).stderr).toBe('');
  });

  it('an import accepts the row that docs/import.md shows', async () => {
    const [, example = ''] = /```json\n([^`]+)```/.exec(await readFile(PAGE, 'utf8')) ?? [];
    const shown = JSON.parse(example) as Record<string, unknown>;
    const { exitCode, lines } = await importFile(
      JSON.stringify({ ...shown, tenant_id: owner.tenantId, user_id: owner.id }),
    );
    expect([exitCode, lines]).toEqual([0, expect.arrayContaining(['imported: 1', 'skipped: 0'])]);
  });
});
