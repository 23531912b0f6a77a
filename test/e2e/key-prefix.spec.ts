import { tmpdir } from 'node:os';
import { command, portal } from '../support/command-line.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';

const REFUSED = 'configured for API keys that begin with "other_", and those of its database begin with "mktp_"';
const OTHER = { apiKeys: { prefix: 'other' } };

describe('two prefixes on one database', () => {
  let database: TestDatabase;
  let first: TestPortal;
  beforeAll(async () => {
    database = await TestDatabase.create();
    first = await TestPortal.start({ database });
  });
  afterAll(async () => {
    await first.stop();
    await database.drop();
  });

  const environment = () => ({ DATABASE_URL: database.url, API_KEYS_PREFIX: 'other' });

  it('an instance with another prefix does not start, and one with the same does', async () => {
    const refused = await TestPortal.start({ database, config: OTHER }).catch((error: unknown) => String(error));
    expect(refused).toEqual(expect.stringContaining(REFUSED));
    const second = await TestPortal.start({ database });
    const { secret } = await first.given.apiKey();
    expect((await second.query('{ viewer { kind } }', { key: secret })).status).toBe(200);
    await second.stop();
  });

  it('serve with another prefix names both prefixes, says what to do, and exits', async () => {
    const run = await portal(['serve'], { cwd: tmpdir(), environment: { ...environment(), PORT: '0' } });
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringContaining(REFUSED)]);
    expect(run.stderr).toContain('Set API_KEYS_PREFIX to "mktp", or use another database.');
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });

  it('a command with another prefix does nothing', async () => {
    const run = await command(['tenants', 'add', 'of another deployment'], environment());
    expect(run).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(REFUSED) });
    expect(await database.sql(`select from tenants where name = 'of another deployment'`)).toEqual([]);
  });
});

describe('prefix of a new database', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await TestDatabase.create();
  });
  afterEach(() => database.drop());

  it('one of two simultaneous first starts with different prefixes wins', async () => {
    const starts = await Promise.allSettled([
      TestPortal.start({ database }),
      TestPortal.start({ database, config: OTHER }),
    ]);
    const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const failed = starts.flatMap((start) => (start.status === 'rejected' ? [String(start.reason)] : []));
    await Promise.all(started.map((api) => api.stop()));
    expect([started.length, failed]).toEqual([1, [expect.stringContaining('configured for API keys that begin with')]]);
  });

  it('the prefix is changed for good by the SQL in the message', async () => {
    await (await TestPortal.start({ database })).stop();
    await database.sqlAs('portal_jobs', undefined, 'delete from api_key_prefix');
    await (await TestPortal.start({ database, config: OTHER })).stop();
    expect(await database.sql('select prefix from api_key_prefix')).toEqual([{ prefix: 'other' }]);
  });

  it('a database that lacks migrations is reported as such, with any prefix', async () => {
    await (await TestPortal.start({ database })).stop();
    await database.sql(`delete from migrations where name like '%key_prefix'`);
    await database.sql('drop table api_key_prefix');
    const run = await command(['tenants', 'list'], { DATABASE_URL: database.url, API_KEYS_PREFIX: 'other' });
    expect(run.stderr).toContain('key_prefix');
    expect(run.stderr).not.toContain('API_KEYS_PREFIX');
    const start = TestPortal.start({ database, config: OTHER });
    await expect(start).rejects.toThrow(/^The database lacks Migration\d+_key_prefix: /);
  });
});
