import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { TaskPage } from '../support/task-page.js';
import { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { inDays } from '../support/durations.js';

const PAGES = resolve(import.meta.dirname, '../../docs/tasks');

describe('pages of tasks', () => {
  let api: TestPortal;
  let cwd: string;
  beforeAll(async () => {
    api = await TestPortal.start();
    cwd = await mkdtemp(join(tmpdir(), 'latchkey-task-'));
  });
  afterAll(async () => {
    await api.stop();
    await rm(cwd, { recursive: true, force: true });
  });

  const tenantWithAdmin = async () => {
    const tenant = await api.given.tenant();
    const { session, id: adminId } = await api.given.admin(tenant);
    return { tenant, session, adminId };
  };
  const works = async (key: string) => (await api.query('{ viewer { kind } }', { key })).reason ?? 'works';

  it('the page about a first key works as it is printed', async () => {
    const page = new TaskPage('first-key');
    const { tenant, session } = await tenantWithAdmin();
    const { hostname } = await api.given.device({ tenant });
    const document = '{ devices { nodes { hostname alerts { nodes { message } } } } }';
    const needed = await page.ask(api, { session, variables: { document } });
    expect(needed.at('requiredScopes')).toMatchObject({ scopes: ['alerts:read', 'devices:read'] });
    const made = await page.ask(api, { session, variables: { expiresAt: inDays(90) } });
    const key = made.at<string>('createApiKey.secret');
    const tried = await page.ask(api, { key });
    expect(tried.at('viewer')).toMatchObject({ kind: 'API_KEY', apiKey: { name: 'inventory export' } });
    expect(tried.at('devices.nodes')).toMatchObject([{ hostname }]);
    expect(await page.script(cwd)({ URL: `${api.url}/graphql`, KEY: key })).toContain(hostname);
    expect(page.left).toBe(0);
  });

  it('the page about a key for a CI job works as it is printed', async () => {
    const page = new TaskPage('ci-job');
    const { tenant, session } = await tenantWithAdmin();
    const { id: deviceId } = await api.given.device({ tenant });
    const place = { DATABASE_URL: api.database.url, TENANT_ID: tenant.id, ACCOUNT: `job@${tenant.id}.example` };
    const added = await page.command(place, cwd);
    expect(added).toMatchObject({ exitCode: 0, stderr: '' });
    const [account] = await api.database.sql<{ id: string }>('select id from users where email = $1', [place.ACCOUNT]);
    const variables = { ownerId: account?.id, networks: ['127.0.0.0/8'], expiresAt: inDays(90) };
    const made = await page.ask(api, { session, variables });
    expect(made.at('createApiKey.apiKey.owner')).toEqual({ name: 'Backup job', kind: 'SERVICE' });

    const FILE = join(cwd, 'running-config');
    await writeFile(FILE, 'hostname core-sw-01\n');
    const KEY = made.at<string>('createApiKey.secret');
    const environment = { URL: `${api.url}/graphql`, KEY, FILE, DEVICE_ID: deviceId };
    const step = page.script(cwd);
    const failsWith = async (changes: Record<string, string>, reason: string) =>
      expect(step({ ...environment, ...changes })).rejects.toMatchObject({ stdout: expect.stringContaining(reason) });
    await failsWith({ KEY: unknownKey() }, 'INVALID_KEY');
    await failsWith({ FILE: '/dev/null' }, 'TOO_SHORT');
    expect(await step(environment)).toContain('"sha256"');
    const stored = await api.query('{ configBackups { nodes { trigger content device { id } } } }', { session });
    expect(stored.at('configBackups.nodes')).toEqual([
      { trigger: 'SCHEDULED', content: 'hostname core-sw-01\n', device: { id: deviceId } },
    ]);

    const id = made.at<string>('createApiKey.apiKey.id');
    const used = await page.ask(api, { session, variables: { id, since: inDays(-1), now: inDays(0) } });
    expect(used.at<object[]>('apiKey.usage')).toHaveLength(2);
    expect(page.left).toBe(0);
  });

  it('the page about rotation without downtime works as it is printed', async () => {
    const page = new TaskPage('rotation');
    const { id, secret, admin } = await api.given.apiKey();
    const ask = { session: admin.session, variables: { id } };
    const second = (await page.ask(api, ask)).at<string>('rotateApiKey.secret');
    expect([await works(secret), await works(second)]).toEqual(['works', 'works']);
    const third = (await page.ask(api, { key: second })).at<string>('rotateApiKey.secret');
    expect([await works(secret), await works(second), await works(third)]).toEqual(['REVOKED_KEY', 'works', 'works']);
    const rotation = (await page.ask(api, ask)).at<{ previousKeyPrefix: string }>('apiKey.rotation');
    expect(second.startsWith(rotation.previousKeyPrefix)).toBe(true);
    expect((await page.ask(api, ask)).at('completeApiKeyRotation.apiKey.rotation')).toBeNull();
    expect([await works(second), await works(third)]).toEqual(['REVOKED_KEY', 'works']);
    expect(page.left).toBe(0);
  });

  it('the page about a leaked key works as it is printed', async () => {
    const page = new TaskPage('leaked-key');
    const { id, secret, tenant, admin } = await api.given.apiKey();
    const { id: other } = await api.given.apiKey({ tenant, name: 'another' });
    expect((await page.ask(api, { variables: { key: secret } })).at('reportLeakedApiKey.accepted')).toBe(true);
    expect(await works(secret)).toBe('REVOKED_KEY');
    expect((await page.ask(api, { variables: { key: secret } })).at('reportLeakedApiKeys.accepted')).toBe(true);
    const { session } = admin;
    const found = await page.ask(api, { session, variables: { keyPrefix: secret.slice(0, 9) } });
    expect(found.at('apiKeys.nodes')).toMatchObject([{ id, status: 'REVOKED', revocationReason: 'COMPROMISED' }]);
    const impact = await page.ask(api, { session, variables: { ids: [other] } });
    expect(impact.at('apiKeyRevocationImpact')).toMatchObject([{ apiKey: { name: 'another' } }]);
    const ended = await page.ask(api, { session, variables: { ids: [other] } });
    expect(ended.at('revokeApiKeys')).toMatchObject({ count: 1, apiKeys: [{ id: other, status: 'REVOKED' }] });
    const afterwards = await page.ask(api, { session, variables: { id } });
    const kinds = afterwards.at<{ kind: string }[]>('apiKeyEvents.nodes').map(({ kind }) => kind);
    expect(kinds).toEqual(['LEAK_REPORTED', 'CREATED']);
    expect(page.left).toBe(0);
  });

  it('the page about secret scanning works as it is printed', async () => {
    const page = new TaskPage('secret-scanning');
    const { secret, admin } = await api.given.apiKey({ name: 'pushed by mistake' });
    const url = 'https://git.example.com/a/b';
    const report = 'mutation ($keys: [LeakedKeyInput!]!) { reportLeakedApiKeys(keys: $keys) { accepted } }';
    await api.query(report, { variables: { keys: [{ key: secret, url, source: 'commit' }] } });
    const found = await page.ask(api, { session: admin.session, variables: { since: inDays(-1) } });
    expect(found.at('apiKeyEvents.nodes')).toMatchObject([
      { apiKeyName: 'pushed by mistake', foundAt: `commit: ${url}` },
    ]);
    expect(page.left).toBe(0);

    const text = readFileSync(join(PAGES, 'secret-scanning.md'), 'utf8');
    const [, checksum = ''] = /```js\n(.*?)```/s.exec(text) ?? [];
    const other = secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0');
    const script = `${checksum}console.log(JSON.stringify(${JSON.stringify([secret, other])}.map(isKey)))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
    expect(JSON.parse(stdout)).toEqual([true, false]);
    expect(new RegExp(/`(mktp_\S+)`/.exec(text)?.[1] ?? '').test(secret)).toBe(true);
  });

  it("the page about a key of one's own works as it is printed", async () => {
    const page = new TaskPage('own-key');
    const { tenant, session } = await tenantWithAdmin();
    const member = await api.given.user({ tenant, role: 'OPERATOR' });
    const set = await page.ask(api, { session });
    expect(set.at('setApiKeyPolicy.policy.memberKeys')).toBe('APPROVAL');
    const asked = await page.ask(api, { session: member.session });
    const secret = asked.at<string>('createApiKey.secret');
    expect([asked.at('createApiKey.apiKey.status'), await works(secret)]).toEqual(['PENDING', 'PENDING_KEY']);
    const [request] = (await page.ask(api, { session })).at<{ id: string; version: number }[]>('apiKeys.nodes');
    const approved = await page.ask(api, { session, variables: { id: request?.id, version: request?.version } });
    expect([approved.at('approveApiKey.apiKey.status'), await works(secret)]).toEqual(['ACTIVE', 'works']);
    expect(page.left).toBe(0);
  });

  it('every page of a task is run by these tests', () => {
    const spec = readFileSync(join(import.meta.dirname, 'task-pages.spec.ts'), 'utf8');
    const run = [...spec.matchAll(/new TaskPage\('([\w-]+)'\)/g)].map(([, name]) => `${name}.md`);
    expect(run.toSorted()).toEqual(readdirSync(PAGES).toSorted());
  });

  it('the page about off-boarding a person works as it is printed', async () => {
    const page = new TaskPage('off-boarding');
    const since = inDays(0);
    const { tenant, session } = await tenantWithAdmin();
    const leaver = await api.given.user({ tenant, role: 'OPERATOR' });
    const account = await api.given.user({ tenant, role: 'OPERATOR', kind: 'SERVICE' });
    const scopes = ['devices:read'];
    const needed = await api.given.apiKey({ tenant, owner: leaver, scopes });
    const unneeded = await api.given.apiKey({ tenant, owner: leaver, scopes });
    const owned = await page.ask(api, { session, variables: { userId: leaver.id } });
    expect(owned.at<object[]>('apiKeyRevocationImpact')).toHaveLength(2);
    const handed = await page.ask(api, { session, variables: { id: needed.id, ownerId: account.id } });
    expect(handed.at('transferApiKey.apiKey.owner.kind')).toBe('SERVICE');
    const ended = await page.ask(api, { session, variables: { userId: leaver.id } });
    expect(ended.at('revokeApiKeys.count')).toBe(1);
    const closed = await page.command({ DATABASE_URL: api.database.url, EMAIL: leaver.email }, cwd);
    expect(closed).toMatchObject({ exitCode: 0, stderr: '' });
    await api.caughtUp();
    expect([await works(needed.secret), await works(unneeded.secret), await works(leaver.session)]).toEqual([
      'works',
      'REVOKED_KEY',
      'INVALID_SESSION',
    ]);
    const done = await page.ask(api, { session, variables: { since } });
    const kinds = done.at<{ kind: string }[]>('apiKeyEvents.nodes').map(({ kind }) => kind);
    expect(kinds).toEqual(['REVOKED', 'TRANSFERRED']);
    expect(page.left).toBe(0);
  });
});
