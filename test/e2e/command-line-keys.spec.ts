import { tmpdir } from 'node:os';
import { command, portal } from '../support/command-line.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

describe('keys on the command line', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  const run = (...args: string[]) => portal(args, { cwd: tmpdir(), environment: { DATABASE_URL: api.database.url } });
  const here = (...args: string[]) => command(args, { DATABASE_URL: api.database.url });

  it('the command line prints a new key whole once, and lists and revokes keys', async () => {
    const tenant = await api.given.tenant();
    const { email } = await api.given.user({ tenant, role: 'OPERATOR', kind: 'SERVICE' });
    const scopes = ['devices:read', 'config:read'];
    const made = await run('keys', 'create', '--owner', email, '--name', 'ci', '--scopes', ...scopes);
    const [, secret = ''] = /^key: (.*)$/m.exec(made.stdout) ?? [];
    const [, id = ''] = /^id: (.*)$/m.exec(made.stdout) ?? [];
    expect([made.exitCode, made.stderr, made.stdout.split(secret)]).toEqual([0, '', [expect.anything(), '\n']]);
    const ask = () => api.query('{ viewer { scopes } }', { key: secret });
    expect((await ask()).at<string[]>('viewer.scopes').toSorted()).toEqual(scopes.toSorted());

    const listed = await here('keys', 'list', '--tenant', tenant.id, '--json');
    expect(JSON.parse(listed.stdout)).toEqual([expect.objectContaining({ id, name: 'ci', status: 'ACTIVE', scopes })]);
    expect(listed.stdout).not.toContain(secret);
    const revoked = await run('keys', 'revoke', id, '--reason', 'UNUSED', '--json');
    expect(JSON.parse(revoked.stdout)).toEqual([expect.objectContaining({ id, status: 'REVOKED' })]);
    await api.caughtUp();
    expect((await ask()).reason).toBe('REVOKED_KEY');
  });

  it('the command line names a wrong option in one line', async () => {
    const { email } = await api.given.user();
    const create = ['keys', 'create', '--owner', email, '--name', 'x', '--scopes'];
    const refusals: [typeof run, string[], number, string][] = [
      [run, ['keys', 'create', '--owner', email, '--name', 'x'], 2, '--scopes'],
      [run, [...create, 'devices:read', '--expires-at', 'tomorrow'], 2, '--expires-at'],
      [run, ['keys', 'list', '--tenant', email, '--status', 'GONE'], 2, '--status'],
      [run, ['keys', 'revoke'], 2, '--owner'],
      [run, [...create, 'devices:reed'], 1, '--scopes.0: is no scope. Did you mean devices:read'],
      [here, ['keys', 'revoke', 'x'], 1, 'id.0: is not a UUID.'],
      [run, ['import', '--from', '/nowhere.ndjson'], 1, '--from cannot be read'],
    ];
    for (const [how, args, code, named] of refusals) {
      const { exitCode, stdout, stderr } = await how(...args);
      expect([args, exitCode, stdout]).toEqual([args, code, '']);
      expect(stderr).toContain(named);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });

  it('bootstrap makes a tenant with its admin, or neither', async () => {
    const { exitCode, stderr } = await here('bootstrap', '--tenant', 'Half made', '--admin-email', 'nobody');
    expect([exitCode, stderr.trim()]).toEqual([1, '--admin-email: is not an e-mail address.']);
    expect(await api.database.sql(`select id from tenants where name = 'Half made'`)).toEqual([]);
  });
});
