import { readFile } from 'node:fs/promises';
import { ConsoleBench, PEOPLE, violationsOf } from './console.js';

let bench: ConsoleBench;
beforeAll(async () => {
  bench = await ConsoleBench.start();
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

const ask = (query: string, session: string, variables: Record<string, unknown> = {}) =>
  bench.api.query(query, { session, variables });

describe('policy in the console', () => {
  it('the policy page shows which keys a rule would block before it is saved, and saves what was shown', async () => {
    const { admin, id } = await bench.api.given.apiKey({ name: 'lives for ever' });
    const { page } = await bench.withSession(admin.session, '/console/policy');
    const save = page.getByRole('button', { name: 'Save the policy' });
    await page.getByLabel('Every key must expire').check();
    expect(await save.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Preview what this would block' }).click();
    await page.getByText('1 key would be blocked or cut').waitFor();
    await page.getByText('it never expires').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect((await ask('{ apiKeyPolicy { requireExpiry } }', admin.session)).at('apiKeyPolicy.requireExpiry')).toBe(
      false,
    );
    await save.click();
    await page.getByText('just now').waitFor();
    const key = await ask('query ($id: ID!) { apiKey(id: $id) { status } }', admin.session, { id });
    expect(key.at('apiKey.status')).toBe('POLICY_BLOCKED');

    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Keys' }).click();
    await page.getByText('it breaks a rule of the policy').waitFor();
    await page.getByRole('link', { name: 'New key' }).click();
    await page.getByText('The policy wants every key to expire').waitFor();
    expect(await page.getByLabel('Never').isDisabled()).toBe(true);
  });

  it('the policy page shows each problem at its field', async () => {
    const { page } = await bench.as(PEOPLE.admin, '/console/policy');
    await page.getByLabel('A key works for at most').fill('99999');
    await page.getByRole('button', { name: 'Preview what this would block' }).click();
    await page.locator('[aria-invalid="true"]').waitFor();
    expect(await page.getByLabel('A key works for at most').getAttribute('aria-invalid')).toBe('true');
  });
});

describe('audit trail in the console', () => {
  it('the audit trail is filtered in the address bar, and exported as CSV and NDJSON', async () => {
    const { admin, id } = await bench.api.given.apiKey({ name: '=HYPERLINK("evil")' });
    await ask('mutation ($id: ID!) { suspendApiKey(id: $id) { apiKey { id } } }', admin.session, { id });
    const { page } = await bench.withSession(admin.session, '/console/audit');
    await page.getByRole('cell', { name: 'Suspended', exact: true }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    const exported = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name, exact: true }).click(),
      ]);
      return readFile(await download.path(), 'utf8');
    };
    const csv = (await exported('CSV')).split('\r\n');
    expect(csv).toHaveLength(3);
    expect(csv[0]).toMatch(/^at,kind,key,/);
    expect(csv[1]).toContain(`"SUSPENDED","'=HYPERLINK(""evil"")","${id}"`);
    const lines = (await exported('NDJSON')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual(['SUSPENDED', 'CREATED']);
    await page.getByLabel('What').selectOption('CREATED');
    await page.getByRole('cell', { name: 'Suspended', exact: true }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?kind=CREATED');
  });
});
