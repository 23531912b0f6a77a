import { until } from '../support/until.js';
import { ConsoleBench, secretOf, storeSecret, violationsOf } from './console.js';

let bench: ConsoleBench;
beforeAll(async () => {
  bench = await ConsoleBench.start({ config: { apiKeys: { flushIntervalSeconds: 1 } } });
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

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
    await storeSecret(page);
    await page.getByText('The new secret was not used yet').waitFor();
    await page.getByRole('button', { name: 'End the overlap now …' }).click();
    await page.getByText('every program that uses this key stops').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep both secrets' }).click();
    for (const each of [old, secret]) expect((await bench.ask(each)).status).toBe(200);
    await page.getByText('The new secret was first used').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'End the overlap now' }).click();
    await page.getByRole('heading', { name: 'Two secrets work' }).waitFor({ state: 'detached' });
    expect((await bench.ask(old)).reason).toBe('REVOKED_KEY');
    expect((await bench.ask(secret)).status).toBe(200);
    await page.getByText('Overlap ended').waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  it('the console ends a rotation whose new secret nobody uses only after a warning', async () => {
    const { id, secret: old, admin } = await bench.api.given.apiKey({ name: 'rotated in haste' });
    const input = { id, overlapSeconds: 3_600 };
    const rotate = 'mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) { secret } }';
    await bench.api.query(rotate, { session: admin.session, variables: { input } });
    const { page } = await bench.withSession(admin.session, `/console/keys/${id}`);
    await page.getByRole('button', { name: 'End the overlap now …' }).click();
    await page.getByRole('button', { name: 'End the old secret all the same' }).click();
    await page.getByRole('heading', { name: 'Two secrets work' }).waitFor({ state: 'detached' });
    expect((await bench.ask(old)).reason).toBe('REVOKED_KEY');
  });

  it('a key is revoked in the console after its impact was shown, and its next request is refused', async () => {
    const { id, secret, admin } = await bench.api.given.apiKey({ name: 'to be revoked' });
    expect((await bench.ask(secret)).status).toBe(200);
    const { page } = await bench.withSession(admin.session, `/console/keys/${id}`);
    await page.getByRole('button', { name: 'Revoke …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Revoke the key' });
    await dialog.getByText('in use: requests came within the last 24 hours').waitFor();
    await dialog.getByText('devices:read', { exact: true }).waitFor();
    await dialog.getByLabel('Reason').selectOption('COMPROMISED');
    await dialog.getByRole('button', { name: 'Revoke this key' }).click();
    await page.getByText('somebody else may have it').first().waitFor();
    expect(await bench.ask(secret)).toMatchObject({ status: 401, reason: 'REVOKED_KEY' });
    await until('the attempt is counted', async () => {
      const query = 'query ($id: ID!) { apiKey(id: $id) { attemptsAfterRevocation } }';
      const answer = await bench.api.query(query, { session: admin.session, variables: { id } });
      return answer.at<number>('apiKey.attemptsAfterRevocation') > 0;
    });
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await page.getByRole('button', { name: '1 Revoked' }).click();
    await page.getByText('Still being tried').waitFor();
    await page.getByRole('link', { name: 'to be revoked' }).click();
    await page.getByText('presented this key after it was revoked').waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('a key is suspended in the console after its impact was shown, and resumed', async () => {
    const { id, secret, admin } = await bench.api.given.apiKey({ name: 'on hold' });
    const { page } = await bench.withSession(admin.session, `/console/keys/${id}`);
    await page.getByRole('button', { name: 'Suspend …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Suspend the key' });
    await dialog.getByText('Requests in 24 hours').waitFor();
    await dialog.getByRole('button', { name: 'Suspend this key' }).click();
    const resume = page.getByRole('button', { name: 'Resume' });
    await resume.waitFor();
    expect((await bench.ask(secret)).status).toBe(401);
    await resume.click();
    await page.getByRole('button', { name: 'Suspend …' }).waitFor();
    expect((await bench.ask(secret)).status).toBe(200);
  });

  it('a key loses its unused scopes in the console, by one press and a confirmation', async () => {
    const scopes = ['devices:read', 'devices:write', 'config:read'];
    const { id, secret, admin } = await bench.api.given.apiKey({ name: 'too much', scopes });
    expect((await bench.ask(secret)).status).toBe(200);
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
