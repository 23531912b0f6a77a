import type { Page } from 'playwright-core';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { TestBrowser, type Visit } from './browser.js';
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

async function signIn(page: Page, email: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.locator('input[name="login"]').fill(email);
  await page.locator('input[name="password"]').fill('any');
  await page.locator('button[type="submit"]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
}

const person = async () => api.given.user({ tenant: await api.given.tenant('Acme networks') });

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
