import { until } from '../support/until.js';
import type { Page } from 'playwright-core';
import { ConsoleBench, PEOPLE, violationsOf } from './console.js';

const OPERATION = 'query Nightly { devices { nodes { hostname configBackups { nodes { sha256 } } } } }';
const READ = '{ devices { nodes { hostname } } }';

let bench: ConsoleBench;
beforeAll(async () => {
  bench = await ConsoleBench.start({ config: { apiKeys: { flushIntervalSeconds: 1 } } });
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

const secretOf = (page: Page) => page.getByRole('region', { name: 'Secret' }).innerText();
const store = async (page: Page) => {
  await page.getByLabel('I have stored the secret').check();
  await page.getByRole('button', { name: 'Close, and forget it here' }).click();
};
const ask = (secret: string) => bench.api.query(READ, { key: secret });

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
      'it is on the clipboard',
      async () => (await page.evaluate('navigator.clipboard.readText()')) === secret,
    );
    await page.keyboard.press('Escape');
    await dialog.waitFor();
    const curl = await page.getByRole('region', { name: 'Snippet for curl' }).innerText();
    expect(curl).toContain(`${bench.api.url}/graphql`);
    await page.getByText('Waiting for the first use').waitFor();
    expect((await ask(secret)).status).toBe(200);
    await page.getByText('First use seen').waitFor();

    await store(page);
    await page.getByRole('heading', { name: 'nightly export' }).waitFor();
    expect(await page.content()).not.toContain(secret);
    expect((await ask(secret)).status).toBe(200);
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
    await again.getByRole('button', { name: PEOPLE.admin }).click();
    await page.getByRole('dialog', { name: 'The key is made' }).waitFor();
    await page.getByText('“made in two sessions”').waitFor();
    await store(page);
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

describe('one key in the console', () => {
  it('a key is rotated in the console with both secrets in use, until the overlap is ended by hand', async () => {
    const tenant = await bench.api.given.tenant();
    const { id, secret: old, admin } = await bench.api.given.apiKey({ tenant, name: 'to be rotated' });
    const { page } = await bench.withSession(admin.session, `/console/keys/${id}`);
    await page.getByRole('button', { name: 'Rotate …' }).click();
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByRole('dialog', { name: 'The new secret' }).waitFor();
    const secret = await secretOf(page);
    expect(secret).not.toBe(old);
    await store(page);
    await page.getByText('The new secret was not used yet').waitFor();
    await page.getByRole('button', { name: 'End the overlap now …' }).click();
    await page.getByText('every program that uses this key stops').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep both secrets' }).click();
    for (const each of [old, secret]) expect((await ask(each)).status).toBe(200);
    await page.getByText('The new secret was first used').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'End the overlap now' }).click();
    await page.getByRole('heading', { name: 'Two secrets work' }).waitFor({ state: 'detached' });
    expect((await ask(old)).reason).toBe('REVOKED_KEY');
    expect((await ask(secret)).status).toBe(200);
    await page.getByText('Overlap ended').waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  it('ends a rotation whose new secret nobody uses only after a warning', async () => {
    const { id, secret: old, admin } = await bench.api.given.apiKey({ name: 'rotated in haste' });
    const input = { id, overlapSeconds: 3_600 };
    const rotate = 'mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { secret } }';
    await bench.api.query(rotate, { session: admin.session, variables: { input } });
    const { page } = await bench.withSession(admin.session, `/console/keys/${id}`);
    await page.getByRole('button', { name: 'End the overlap now …' }).click();
    await page.getByRole('button', { name: 'End the old secret all the same' }).click();
    await page.getByRole('heading', { name: 'Two secrets work' }).waitFor({ state: 'detached' });
    expect((await ask(old)).reason).toBe('REVOKED_KEY');
  });

  it('a key is revoked in the console after its impact was shown, and its next request is refused', async () => {
    const { id, secret, admin } = await bench.api.given.apiKey({ name: 'to be revoked' });
    expect((await ask(secret)).status).toBe(200);
    const { page } = await bench.withSession(admin.session, `/console/keys/${id}`);
    await page.getByRole('button', { name: 'Revoke …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Revoke the key' });
    await dialog.getByText('in use: requests came within the last 24 hours').waitFor();
    await dialog.getByText('devices:read', { exact: true }).waitFor();
    await dialog.getByLabel('Reason').selectOption('COMPROMISED');
    await dialog.getByRole('button', { name: 'Revoke this key' }).click();
    await page.getByText('somebody else may have it').first().waitFor();
    expect(await ask(secret)).toMatchObject({ status: 401, reason: 'REVOKED_KEY' });
    await page.reload();
  });

  it('a key loses its unused scopes in the console, by one press and a confirmation', async () => {
    const scopes = ['devices:read', 'devices:write', 'config:read'];
    const { id, secret, admin } = await bench.api.given.apiKey({ name: 'too much', scopes });
    expect((await ask(secret)).status).toBe(200);
    const key = (members: string) =>
      bench.api.query(
        `query ($id: ID!, $since: DateTime!) { apiKey(id: $id) { ${members} unusedScopes(since: $since) } }`,
        {
          session: admin.session,
          variables: { id, since: new Date(Date.now() - 60_000).toISOString() },
        },
      );
    await until('the use is counted', async () => (await key('')).at<string[]>('apiKey.unusedScopes').length === 2);
    const { page } = await bench.withSession(admin.session, `/console/keys/${id}`);
    await page.getByRole('button', { name: 'Take them away …' }).click();
    await page.getByRole('button', { name: 'Take them away', exact: true }).click();
    await page.getByText('Not needed by any request').waitFor({ state: 'detached' });
    expect((await key('scopes')).at('apiKey.scopes')).toEqual(['devices:read']);
  });

  it('a key that two tabs change shows the difference, and puts one change on top of the other', async () => {
    const { id, admin } = await bench.api.given.apiKey({ name: 'shared', description: 'as it was' });
    const [one, two] = [
      await bench.withSession(admin.session, `/console/keys/${id}`),
      await bench.withSession(admin.session, `/console/keys/${id}`),
    ];
    for (const { page } of [one, two]) await page.getByRole('button', { name: 'Change …' }).click();
    await one.page.getByLabel('Description').fill('by the first');
    await one.page.getByRole('button', { name: 'Save' }).click();
    await one.page.getByText('by the first').first().waitFor();
    await two.page.getByRole('textbox', { name: 'Name', exact: true }).fill('renamed by the second');
    await two.page.getByRole('button', { name: 'Save' }).click();
    await two.page.getByText(`Changed by ${admin.email} since you opened it`).waitFor();
    await two.page.getByRole('cell', { name: 'by the first' }).first().waitFor();
    expect(await violationsOf(two.page)).toEqual([]);
    await two.page.getByRole('button', { name: 'Put my changes on top' }).click();
    await two.page.getByRole('button', { name: 'Save' }).click();
    await two.page.getByRole('heading', { name: 'renamed by the second' }).waitFor();
    await two.page.getByText('by the first').first().waitFor();
  });
});
