import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { PORTAL_ACCESS } from '../../apps/portal/src/portal.access.js';
import { until } from '../support/until.js';
import { ConsoleBench, PEOPLE, secretOf, storeSecret, violationsOf } from './console.js';

const run = promisify(execFile);

const OPERATION = 'query Nightly { devices { nodes { hostname configBackups { nodes { sha256 } } } } }';

let bench: ConsoleBench;
beforeAll(async () => {
  bench = await ConsoleBench.start({ config: { apiKeys: { flushIntervalSeconds: 1 } } });
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

/** Presses "Make the key" after the session has ended, and signs in as this person when the page asks for it. */
const makeAfterSignIn = async (page: Page, email: string) => {
  let isEnded = true;
  await page.route('**/graphql', (route) =>
    isEnded
      ? route.fulfill({ status: 401, json: { errors: [{ message: '', extensions: { code: 'UNAUTHENTICATED' } }] } })
      : route.continue(),
  );
  await page.getByRole('button', { name: 'Make the key' }).click();
  const again = page.getByRole('alertdialog', { name: 'Your session has ended' });
  await again.waitFor();
  isEnded = false;
  await again.getByRole('button', { name: email }).click();
};

describe('new key in the console', () => {
  it('a new key is made for a pasted operation; its printed curl runs, and its first use appears', async () => {
    const { page } = await bench.as(PEOPLE.admin, '/console/keys/new');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('nightly export');
    await page.getByText('Paste a GraphQL operation').click();
    await page.getByLabel('Operation', { exact: true }).fill(OPERATION);
    await page.getByRole('button', { name: 'Take its scopes' }).click();
    await page.getByText('Taken: config:read, devices:read.').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make the key' }).click();
    const dialog = page.getByRole('dialog', { name: 'The key is made' });
    await dialog.waitFor();
    const secret = await secretOf(page);
    expect(secret).toMatch(/^mktp_\w{49}$/);
    expect(await violationsOf(page)).toEqual([]);

    await page.getByRole('button', { name: 'Copy the secret' }).click();
    await until(
      'the secret is on the clipboard',
      async () => (await page.evaluate('navigator.clipboard.readText()')) === secret,
    );
    await page.keyboard.press('Escape');
    await dialog.waitFor();
    const curl = await page.getByRole('region', { name: 'Snippet for curl' }).innerText();
    expect(curl).toContain(`${bench.api.url}/graphql`);
    await page.getByText('Waiting for the first use').waitFor();
    const { stdout } = await run('sh', ['-c', curl]);
    expect(JSON.parse(stdout)).toEqual({
      data: { viewer: { kind: 'API_KEY', scopes: ['config:read', 'devices:read'] } },
    });
    await page.getByText('First use seen').waitFor();

    await storeSecret(page);
    await page.getByRole('heading', { name: 'nightly export' }).waitFor();
    expect(await page.content()).not.toContain(secret);
    expect((await bench.ask(secret)).status).toBe(200);
  });

  it('a new secret survives Back and Escape', async () => {
    const { page } = await bench.as(PEOPLE.admin, '/console/keys');
    await page.getByRole('link', { name: 'New key' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('kept');
    await page.getByRole('group', { name: 'devices' }).getByLabel('Read', { exact: true }).check();
    await page.getByRole('button', { name: 'Make the key' }).click();
    const dialog = page.getByRole('dialog', { name: 'The key is made' });
    await dialog.waitFor();
    const secret = await secretOf(page);
    await page.evaluate('history.back()');
    await page.keyboard.press('Escape');
    await page.mouse.click(5, 5);
    expect(await dialog.getByRole('button', { name: 'Close, and forget it here' }).isDisabled()).toBe(true);
    expect(await secretOf(page)).toBe(secret);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Download .env' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toBe(
      `PORTAL_URL=${bench.api.url}/graphql\nPORTAL_API_KEY=${secret}\n`,
    );
    await storeSecret(page);
    await page.getByRole('heading', { name: 'kept' }).waitFor();
    await page.evaluate('history.back()');
    await page.getByRole('heading', { name: 'New key' }).waitFor();
  });

  it('a new key expires within the policy by default', async () => {
    const { session } = await bench.api.given.admin(await bench.api.given.tenant());
    const policy = 'mutation ($input: SetApiKeyPolicyInput!) { setApiKeyPolicy(input: $input) { violationCount } }';
    await bench.api.query(policy, { session, variables: { input: { maxLifetimeDays: 45, maxKeysPerOwner: 1 } } });
    const { page } = await bench.withSession(session, '/console/keys/new?name=short&scopes=devices:read');
    await page.getByText('The policy lets a key live for 45 days').waitFor();
    await page.getByText('one owner have 1 keys at most').waitFor();
    expect(await page.getByLabel('30 days').isChecked()).toBe(true);
    expect(await page.getByLabel('90 days').isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByRole('dialog', { name: 'The key is made' }).waitFor();
    await storeSecret(page);
  });

  it('the form of a new key shows each problem at its field, and loses nothing', async () => {
    const { page } = await bench.as(PEOPLE.admin, '/console/keys/new');
    await page.getByLabel('Networks').fill('10.0.0.1/8');
    await page.getByLabel('Metadata').fill('{ "ticket": "NET-1" }');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('3 things are wrong').waitFor();
    for (const field of ['Name', 'Networks'])
      expect(await page.getByLabel(field).getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByLabel('Networks').inputValue()).toBe('10.0.0.1/8');
    expect(await page.getByLabel('Metadata').inputValue()).toBe('{ "ticket": "NET-1" }');
  });

  it('the form of a new key offers every scope by itself', async () => {
    const { page } = await bench.as(PEOPLE.admin, '/console/keys/new');
    for (const { name } of PORTAL_ACCESS.scopes) {
      const [resource = '', action = ''] = name.split(':');
      const choice = page.getByRole('group', { name: resource }).getByLabel(new RegExp(`^${action}$`, 'i'));
      await choice.check();
      expect(await choice.isChecked()).toBe(true);
    }
  });

  it('a link fills the form of a new key', async () => {
    const link = '/console/keys/new?name=Backup%20job&scopes=config:read,config:write&expires=30d&networks=10.1.0.0/16';
    const { page } = await bench.as(PEOPLE.admin, link);
    await page.getByRole('group', { name: 'config' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Backup job');
    expect(await page.getByRole('group', { name: 'config' }).getByLabel('Read and write').isChecked()).toBe(true);
    expect(await page.getByRole('group', { name: 'devices' }).getByLabel('None').isChecked()).toBe(true);
    expect(await page.getByLabel('30 days').isChecked()).toBe(true);
    expect(await page.getByLabel('Networks').inputValue()).toBe('10.1.0.0/16');
  });

  it('the form of a new key survives a session that ends in the middle', async () => {
    const { page } = await bench.as(PEOPLE.admin, '/console/keys/new?scopes=devices:read');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('made in two sessions');
    await page.getByRole('group', { name: 'devices' }).waitFor();
    await makeAfterSignIn(page, PEOPLE.admin);
    await page.getByRole('dialog', { name: 'The key is made' }).waitFor();
    await page.getByText('“made in two sessions”').waitFor();
    await storeSecret(page);
  });

  it('a form that waits for a new session is not sent as another person who signs in', async () => {
    const { page } = await bench.as(PEOPLE.admin, '/console/keys/new?name=nobody%27s&scopes=devices:read');
    await page.getByRole('group', { name: 'devices' }).waitFor();
    await makeAfterSignIn(page, PEOPLE.platform);
    await page.getByText('Super admin').waitFor();
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await page.getByText('Demonstration key').waitFor();
    expect(await page.getByText("nobody's").count()).toBe(0);
  });

  it('the form of a new key says in words that the browser is offline or the database away, and keeps its contents', async () => {
    const visit = await bench.as(PEOPLE.admin, '/console/keys/new?name=patient&scopes=devices:read');
    const { page } = visit;
    await page.getByRole('group', { name: 'devices' }).waitFor();
    await page.context().setOffline(true);
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('This browser is offline').waitFor();
    await page.context().setOffline(false);
    const away = { errors: [{ message: '', extensions: { code: 'SERVICE_UNAVAILABLE' } }] };
    await page.route('**/graphql', (route) =>
      route.fulfill({ status: 503, headers: { 'x-request-id': 'request-4711' }, json: away }),
    );
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText('The portal cannot reach its database').waitFor();
    await page.getByText('request-4711').waitFor();
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('patient');
  });
});
