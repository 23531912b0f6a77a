import { tmpdir } from 'node:os';
import { portal } from '../support/command-line.js';
import { TestDatabase } from '../support/test-database.js';

describe('serve', () => {
  it('serve does not start where no connection is direct, as changes of keys would not arrive', async () => {
    const database = await TestDatabase.create();
    // Options of the URL's own take the place of ours, as if a transaction pooler had dropped them.
    const url = `${database.url}?options=${encodeURIComponent('-c timezone=UTC')}`;
    const run = await portal(['serve'], { cwd: tmpdir(), environment: { DATABASE_URL: url, PORT: '0' } });
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringContaining('Start-up options do not reach')]);
    await database.drop();
  });
});
