import type { Page } from 'playwright-core';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { TestBrowser, type Visit } from './browser.js';
import { requireSound } from './console.js';
import { OpenIdProvider } from './openid-provider.js';

let provider: OpenIdProvider;
let api: TestPortal;
let browser: TestBrowser;
let visit: Visit;
beforeAll(async () => {
  provider = await OpenIdProvider.start();
  api = await TestPortal.start({ config: provider.config });
  provider.serve(api.url);
  browser = await TestBrowser.start();
});
afterAll(async () => {
  await browser.stop();
  await api.stop();
  await provider.stop();
});
afterEach(async () => {
  const { asked, errors } = visit;
  await visit.close();
  // The pages of this provider ask for their font.
  const others = [...asked].filter((origin) => origin !== 'https://fonts.googleapis.com');
  expect({ others, errors }).toEqual({ others: [], errors: [] });
});

/** The pages of the provider. */
async function passProvider(page: Page, email: string): Promise<void> {
  await page.locator('input[name="login"]').fill(email);
  await page.locator('input[name="password"]').fill('any');
  await page.locator('button[type="submit"]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function signIn(page: Page, email: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await passProvider(page, email);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}

const person = async () => api.given.user({ tenant: await api.given.tenant('Acme networks') });

/** Opens the form of a new key as a new person, whose token is renewed, or not, five seconds from now. */
async function openForFiveSeconds(): Promise<{ page: Page; email: string }> {
  const { email } = await person();
  provider.tokenSeconds = 65;
  visit = await browser.open(api, '/console/keys/new', { allowed: [provider.url] });
  await signIn(visit.page, email);
  provider.tokenSeconds = 3600;
  return { page: visit.page, email };
}

describe('console in production', () => {
  it('the console signs in at the provider by code and PKCE, comes back to the address, and keeps no part of the code', async () => {
    const { email } = await person();
    visit = await browser.open(api, '/console/keys?state=all', { allowed: [provider.url] });
    const { page } = visit;
    const asked: URL[] = [];
    page.on('request', (request) => asked.push(new URL(request.url())));
    await signIn(page, email);
    await page.getByRole('heading', { name: 'API keys' }).waitFor();
    expect(page.url()).toBe(`${api.url}/console/keys?state=all`);
    const [authorization] = asked.filter(({ pathname }) => pathname === '/auth');
    expect(Object.fromEntries(authorization?.searchParams ?? [])).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid profile email',
    });
    const kept = await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])');
    expect(kept).not.toMatch(/eyJ|code_verifier/);
  });

  it('the console renews the token silently before it expires', async () => {
    const { email } = await person();
    // Renewed a minute before its end: five seconds from now.
    provider.tokenSeconds = 65;
    try {
      visit = await browser.open(api, '/console', { allowed: [provider.url] });
      await signIn(visit.page, email);
      const before = provider.tokens;
      await until('another token was given', () => provider.tokens > before, 30_000);
      await visit.page.reload();
      await visit.page.getByRole('navigation', { name: 'Pages' }).waitFor();
    } finally {
      provider.tokenSeconds = 3600;
    }
  });

  it('a form keeps its contents when the session ends: signing in again uses a window of its own', async () => {
    const { page, email } = await openForFiveSeconds();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('made in two sessions');
    await page.getByRole('group', { name: 'devices' }).getByLabel('Read', { exact: true }).check();
    await page.getByLabel('Metadata').fill('{ "ticket": "NET-1" }');
    await page.context().clearCookies();
    const again = page.getByRole('alertdialog', { name: 'Your session has ended' });
    await again.waitFor();
    await requireSound(page);
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      again.getByRole('button', { name: 'Sign in again' }).click(),
    ]);
    await passProvider(popup, email);
    await again.waitFor({ state: 'detached' });
    await until('the window is closed', () => popup.isClosed());
    expect(await page.getByLabel('Metadata').inputValue()).toBe('{ "ticket": "NET-1" }');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByRole('dialog', { name: 'The key is made' }).waitFor();
    await page.getByText('“made in two sessions”').waitFor();
    const kept = await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])');
    expect(kept).not.toMatch(/eyJ|code_verifier/);
  });

  it('a blocked sign-in window is reported in words, and the page stays', async () => {
    const { page } = await openForFiveSeconds();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('patient');
    await page.context().clearCookies();
    await page.getByRole('alertdialog', { name: 'Your session has ended' }).waitFor();
    await page.evaluate('window.open = () => null');
    await page.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByText('the browser opened no window').waitFor();
    expect(await page.locator('form input').first().inputValue()).toBe('patient');
  });

  it('a missed renewal is repeated silently, and the refused request is sent again', async () => {
    const { email } = await person();
    visit = await browser.open(api, '/console/keys/new', { allowed: [provider.url] });
    const { page } = visit;
    await signIn(page, email);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('made after a sleep');
    await page.getByRole('group', { name: 'devices' }).getByLabel('Read', { exact: true }).check();
    let refused = 0;
    await page.route('**/graphql', (route) =>
      refused++ === 0
        ? route.fulfill({ status: 401, json: { errors: [{ message: '', extensions: { code: 'UNAUTHENTICATED' } }] } })
        : route.continue(),
    );
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByRole('dialog', { name: 'The key is made' }).waitFor();
    expect(refused).toBeGreaterThan(1);
  });

  it('signing out of the console signs out at the provider, too', async () => {
    const { email } = await person();
    visit = await browser.open(api, '/console', { allowed: [provider.url] });
    const { page } = visit;
    await signIn(page, email);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: /Yes/ }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('input[name="login"]').waitFor();
  });
});
