import { command } from '../support/command-line.js';
import { usePortal } from '../support/hooks.js';
import type { TestPortal } from '../support/test-portal.js';

/** Reverses the rest of a line, and commands a terminal: `gro\u202eexe` looks like `groexe` backwards. */
const NAME = 'gro\u202eexe\u009b31m';
const SHOWN = 'gro\uFFFDexe\uFFFD31m';

/** Rows that somebody edited by hand, or that an older version wrote: their names would be refused today. */
describe('names on the command line', () => {
  let api: TestPortal;
  let tenantId: string;
  usePortal(async (started) => {
    api = started;
    const { tenant } = await api.given.apiKey();
    tenantId = tenant.id;
    await api.given.user({ tenant, role: 'VIEWER' });
    const ofTenant = (column: string) => `where ${column} = '${tenantId}'`;
    await api.database.sql(`update tenants set name = $1 ${ofTenant('id')}`, [NAME]);
    await api.database.sql(`update users set name = $1 ${ofTenant('tenant_id')}`, [NAME]);
    await api.database.sql(`update api_keys set name = $1 ${ofTenant('tenant_id')}`, [NAME]);
    await api.database.sql(`update api_key_events set api_key_name = $1, actor_name = $1 ${ofTenant('tenant_id')}`, [
      NAME,
    ]);
    await api.database.sql(
      `insert into webhook_endpoints (tenant_id, url) select id, 'https://hooks.example/' || name from tenants ${ofTenant('id')}`,
    );
  });

  it.each([
    ['tenants', ['tenants', 'list']],
    ['users', ['users', 'list']],
    ['keys', ['keys', 'list', '--tenant']],
    ['events', ['audit', '--tenant']],
    ['webhook endpoints', ['webhooks', 'list', '--tenant']],
  ])('a list of %s prints no character of a name that a terminal obeys, as columns or as JSON', async (_, args) => {
    const list = (...more: string[]) =>
      command([...args, ...(args.at(-1) === '--tenant' ? [tenantId] : []), ...more], {
        DATABASE_URL: api.database.url,
      });
    const [columns, json] = [await list(), await list('--json')];
    expect([columns.exitCode, json.exitCode]).toEqual([0, 0]);
    expect(columns.stdout).toContain(SHOWN);
    for (const { stdout } of [columns, json]) expect(stdout).not.toMatch(/[\u007f-\u009f\u202e]/);
    expect(JSON.stringify(JSON.parse(json.stdout))).toContain(NAME);
  });

  it('an error of a command prints no character that a terminal obeys', async () => {
    const { exitCode, stderr } = await command(['import', '--from', `/nowhere/${NAME}`], {
      DATABASE_URL: api.database.url,
    });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(SHOWN)]);
    expect(stderr).not.toContain(NAME);
  });
});
