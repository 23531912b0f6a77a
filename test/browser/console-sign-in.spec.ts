import { ConsoleBench, PEOPLE, requireSound, violationsOf } from './console.js';

let bench: ConsoleBench;
beforeAll(async () => {
  bench = await ConsoleBench.start();
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

const ADMIN_PAGES = ['Keys', 'Requests', 'Policy', 'Audit trail', 'Webhooks', 'People', 'Scopes', 'Explore'];

describe('sign-in in development', () => {
  it('GET / of the portal leads to the console', async () => {
    const { page } = await bench.open('/');
    await page.getByRole('heading', { name: 'Latchkey console' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/console');
  });

  it.each([
    [PEOPLE.admin, 'Admin, Demonstration', ADMIN_PAGES],
    [PEOPLE.operator, 'Operator, Demonstration', ['Keys', 'Scopes', 'Explore']],
    [PEOPLE.viewer, 'Viewer, Demonstration', ['Keys', 'Scopes', 'Explore']],
    [PEOPLE.platform, 'Super admin, Demonstration', ADMIN_PAGES],
  ])('the console signs %s in with one click, as %s, and offers the pages of that role', async (email, who, pages) => {
    const { page } = await bench.as(email);
    await page.getByText(who).waitFor();
    const offered = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allInnerTexts();
    expect(offered.map((name) => name.trim())).toEqual(pages);
  });

  it('the console signs the same person in again after a reload, and nobody after signing out', async () => {
    const { page } = await bench.as(PEOPLE.admin, '/console/scopes');
    await page.reload();
    await page.getByRole('heading', { name: 'devices:read', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Latchkey console' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: PEOPLE.admin }).waitFor();
  });

  it('the console keeps the session token only in memory', async () => {
    const { page } = await bench.as(PEOPLE.admin);
    const stored = await page.evaluate(
      'JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])',
    );
    expect(stored).not.toContain('eyJ');
  });

  it('the console accepts a session token of the command line', async () => {
    const { page } = await bench.open();
    await page.getByText('Sign in with a session token').click();
    await page.getByLabel('Token of').fill(await bench.session(PEOPLE.operator));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Operator, Demonstration').waitFor();
  });

  it('a super admin chooses the tenant in the console; a wrong id is explained, and chosen tenants are remembered', async () => {
    const { page } = await bench.as(PEOPLE.platform);
    await page.getByRole('button', { name: 'Change tenant' }).click();
    const other = await bench.api.given.tenant('Another customer');
    const id = page.getByRole('textbox', { name: 'Id of the tenant' });
    const go = page.getByRole('button', { name: 'Work in this tenant' });
    await id.fill('another customer');
    await go.click();
    await page.getByText('This is no id of a tenant').waitFor();
    await requireSound(page);
    await id.fill('00000000-0000-4000-8000-000000000000');
    await go.click();
    await page.getByText('There is no tenant with this id.').waitFor();
    expect(await id.inputValue()).toBe('00000000-0000-4000-8000-000000000000');
    await id.fill(` ${other.id.toUpperCase()} `);
    await go.click();
    await page.getByText('Super admin, Another customer').waitFor();
    await page.reload();
    await page.getByText('Super admin, Another customer').waitFor();
    await page.getByRole('button', { name: 'Change tenant' }).click();
    await page.getByRole('button', { name: 'Another customer' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Demonstration' }).click();
    await page.getByText('Super admin, Demonstration').waitFor();
  });

  it('the sign-in page has no fault that axe finds', async () => {
    const { page } = await bench.open();
    await page.getByRole('button', { name: PEOPLE.admin }).waitFor();
    await page.getByText('Sign in with a session token').click();
    await requireSound(page);
  });
});
