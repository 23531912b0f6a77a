import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, portal } from '../support/command-line.js';
import { makeOwnKey, setMemberKeys } from '../support/members.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

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
    const revoked = await here('keys', 'revoke', id, '--reason', 'UNUSED', '--json');
    expect(JSON.parse(revoked.stdout)).toEqual([expect.objectContaining({ id, status: 'REVOKED' })]);
    await api.caughtUp();
    expect((await ask()).reason).toBe('REVOKED_KEY');
  });

  it('the command line rotates, suspends, resumes and transfers a key, each step in the audit trail', async () => {
    const { id, secret, tenant } = await api.given.apiKey({ name: 'nightly' });
    const heir = await api.given.user({ tenant, role: 'OPERATOR', kind: 'SERVICE' });
    const use = async (key: string) => {
      await api.caughtUp();
      return (await api.query('{ viewer { scopes } }', { key })).reason ?? 'works';
    };
    const told = async (...args: string[]) => {
      const { exitCode, stdout, stderr } = await here(...args, '--json');
      expect([args, exitCode, stderr]).toEqual([args, 0, '']);
      return JSON.parse(stdout);
    };
    const rotated = await here('keys', 'rotate', id, '--overlap', '2h');
    const [, second = ''] = /^key: (.*)$/m.exec(rotated.stdout) ?? [];
    expect([rotated.exitCode, await use(secret), await use(second)]).toEqual([0, 'works', 'works']);
    expect(await told('keys', 'rotate', id, '--overlap', '0s')).toMatchObject({
      id,
      key: expect.stringMatching(/^mktp_/),
    });
    expect([await use(secret), await use(second)]).toEqual(['REVOKED_KEY', 'REVOKED_KEY']);
    expect(await told('keys', 'suspend', id)).toMatchObject({ id, status: 'SUSPENDED' });
    expect(await told('keys', 'suspend', id)).toMatchObject({ id, status: 'SUSPENDED' });
    expect(await told('keys', 'resume', id)).toMatchObject({ id, status: 'ACTIVE' });
    expect(await told('keys', 'transfer', id, '--to', heir.email)).toMatchObject({ id, ownerId: heir.id });
    const events = await told('audit', '--tenant', tenant.id, '--key', id);
    expect(events.map(({ kind, actorName }: Record<string, string>) => [kind, actorName])).toEqual([
      ...['TRANSFERRED', 'RESUMED', 'SUSPENDED', 'ROTATED', 'ROTATED'].map((kind) => [kind, 'system']),
      ['CREATED', expect.any(String)],
    ]);
    const { at } = events[1];
    const later = await told('audit', '--tenant', tenant.id, '--kind', 'TRANSFERRED', 'CREATED', '--after', at);
    expect(later).toMatchObject([{ kind: 'TRANSFERRED', changes: { ownerId: { new: heir.id } } }]);
    const printed = await here('audit', '--tenant', tenant.id, '--kind', 'TRANSFERRED');
    expect(printed.stdout).toMatch(/^at .*kind .*\n.*TRANSFERRED .*nightly .*system/);
    expect(printed.stdout + JSON.stringify(events)).not.toContain(second);
  });

  it('the command line names a wrong option in one line', async () => {
    const { email } = await api.given.user();
    const create = ['keys', 'create', '--owner', email, '--name', 'x', '--scopes'];
    const refusals: [typeof run, string[], number, string][] = [
      [run, ['keys', 'create', '--owner', email, '--name', 'x'], 2, '--scopes'],
      [run, [...create, 'devices:read', '--expires-at', 'tomorrow'], 2, '--expires-at'],
      [run, ['keys', 'list', '--tenant', email, '--status', 'GONE'], 2, '--status'],
      [run, ['keys', 'revoke'], 2, '--owner'],
      [here, [...create, 'devices:reed'], 1, '--scopes.0: is not a known scope. Did you mean devices:read'],
      [run, [...create, 'devices:read,alerts:read'], 2, 'Separate the values by spaces, not by commas.'],
      [here, [...create, 'devices:read', 'devices:read'], 1, '--scopes'],
      [here, ['keys', 'revoke', 'x'], 1, 'id.0: is not a UUID.'],
      [run, ['keys', 'rotate'], 2, 'id'],
      [run, ['keys', 'rotate', 'x', '--overlap', '1 day'], 2, '--overlap'],
      [here, ['keys', 'suspend', 'x'], 1, 'id: is not a UUID.'],
      [here, ['keys', 'resume', UNKNOWN], 1, 'API key not found.'],
      [here, ['keys', 'transfer', UNKNOWN, '--to', email], 1, 'API key not found.'],
      [run, ['audit', '--tenant', UNKNOWN, '--after', 'yesterday'], 2, '--after'],
      [here, ['audit', '--tenant', UNKNOWN], 1, 'Tenant not found.'],
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

  it('the command line lists requests of members, approves them narrower, and rejects them', async () => {
    const tenant = await api.given.tenant();
    await setMemberKeys(api, tenant, 'APPROVAL');
    const member = await api.given.user({ tenant, role: 'OPERATOR' });
    const scopes = ['devices:read', 'config:read'];
    const asked = await makeOwnKey(api, member, { scopes, reason: 'Nightly' });
    const other = await makeOwnKey(api, member);
    const list = async () =>
      JSON.parse((await here('keys', 'list', '--tenant', tenant.id, '--pending', '--json')).stdout) as object[];
    expect(await list()).toEqual([
      expect.objectContaining({ id: other.id, status: 'PENDING' }),
      expect.objectContaining({ id: asked.id, status: 'PENDING', requestReason: 'Nightly', version: 1 }),
    ]);
    const approved = await here('keys', 'approve', asked.id, '--scopes', 'devices:read', '--json');
    expect(JSON.parse(approved.stdout)).toMatchObject({ id: asked.id, status: 'ACTIVE', scopes: ['devices:read'] });
    const rejected = await here('keys', 'reject', other.id, '--note', 'no', '--json');
    expect(JSON.parse(rejected.stdout)).toMatchObject({ id: other.id, status: 'REVOKED' });
    expect(await list()).toEqual([]);
    const again = await here('keys', 'reject', other.id);
    expect([again.exitCode, again.stdout]).toEqual([1, '']);
    expect((await here('keys', 'approve', 'x')).stderr).toContain('id');
    await api.caughtUp();
    expect((await api.query('{ viewer { scopes } }', { key: asked.secret })).at('viewer.scopes')).toEqual([
      'devices:read',
    ]);
  });

  it('the command line prints a link to the form of a new key, with the scopes that a document needs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-link-'));
    const file = join(folder, 'operation.graphql');
    await writeFile(file, '{ devices { nodes { id configBackups { nodes { id } } } } }');
    const link = (...args: string[]) => run('keys', 'link', '--operation', file, ...args);
    const printed = await link('--name', 'Nightly backup', '--expires', '90d', '--url', 'https://portal.example');
    expect([printed.exitCode, printed.stderr]).toEqual([0, '']);
    const url = new URL(printed.stdout.trim());
    expect([url.origin, url.pathname, Object.fromEntries(url.searchParams)]).toEqual([
      'https://portal.example',
      '/console/keys/new',
      { name: 'Nightly backup', scopes: 'config:read,devices:read', expires: '90d' },
    ]);
    await writeFile(file, '{ apiKeys { totalCount } }');
    expect((await link()).stderr).toContain('sessions only');
    await writeFile(file, '{ nothing }');
    expect([(await link()).exitCode, (await link('--expires', 'soon')).exitCode]).toEqual([1, 2]);
    await rm(folder, { recursive: true });
  });
});
