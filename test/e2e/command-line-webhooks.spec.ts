import { command } from '../support/command-line.js';
import { usePortal } from '../support/hooks.js';
import type { TestPortal } from '../support/test-portal.js';
import { deliveriesOf } from '../support/webhooks.js';

describe('webhooks on the command line', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  const run = (...args: string[]) => command(['webhooks', ...args], { DATABASE_URL: api.database.url });
  const shown = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await run(...args, '--json');
    expect([args, exitCode, stderr]).toEqual([args, 0, '']);
    return JSON.parse(stdout);
  };

  it('the command line adds an endpoint, shows its secret once, lists, tests, replays and disables it', async () => {
    const tenant = await api.given.tenant();
    const admin = await api.given.admin(tenant);
    const url = 'https://hooks.example.com/';
    const added = await run('add', '--tenant', tenant.id, '--url', url, '--kinds', 'API_KEY_REVOKED');
    const [, id = ''] = /^id: (.*)$/m.exec(added.stdout) ?? [];
    const [, secret = ''] = /^secret: (whsec_.*)$/m.exec(added.stdout) ?? [];
    expect([added.exitCode, secret === '']).toEqual([0, false]);

    const listed = await run('list', '--tenant', tenant.id);
    expect(listed.stdout).toContain(url);
    expect(listed.stdout).not.toContain(secret);
    const delivery = await shown('test', id);
    expect(delivery).toMatchObject({ kind: 'API_KEY_REVOKED', status: 'PENDING' });
    expect(await shown('replay', id, delivery.id)).toEqual({ count: 0 });
    await api.database.sql(`update webhook_deliveries set status = 'FAILED', next_attempt_at = null where id = $1`, [
      delivery.id,
    ]);
    expect(await shown('replay', id, '--failed-since', '2020-01-01T00:00:00Z')).toEqual({ count: 1 });
    expect((await deliveriesOf(api, admin, id)).map(({ status }) => status)).toEqual(['PENDING']);
    expect(await shown('disable', id)).toMatchObject({ id, isEnabled: false, disabledReason: null });
  });

  it('the command line names the option or the argument that is wrong', async () => {
    const { id } = await api.given.tenant();
    const local = await run('add', '--tenant', id, '--url', 'https://127.0.0.1/');
    expect([local.exitCode, local.stderr]).toEqual([1, expect.stringContaining('--url: leads to an address')]);
    expect((await run('test', 'no-id')).stderr).toContain('id: ');
    expect((await run('disable', id)).stderr).toContain('WebhookEndpoint not found.');
    expect((await run('replay', id)).exitCode).toBe(2);
    expect((await run('replay', id, '--failed-since', 'yesterday')).exitCode).toBe(2);
  });
});
