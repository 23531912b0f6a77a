import { storeKeys } from '../support/store-keys.js';
import type { GivenTenant } from '../support/given.js';
import { ConsoleBench, PEOPLE, requireSound, violationsOf } from './console.js';

let bench: ConsoleBench;
beforeAll(async () => {
  bench = await ConsoleBench.start();
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

/** A tenant with a key in each state. */
async function tenantOfKeys() {
  const tenant = await bench.api.given.tenant('Acme networks');
  const { session } = await bench.api.given.admin(tenant);
  const ask = (query: string, variables: Record<string, unknown>) => bench.api.query(query, { session, variables });
  // An hour less than five days: the page counts whole days, from a time up to half a minute ago.
  const soon = new Date(Date.now() + (5 * 24 - 1) * 60 * 60 * 1000).toISOString();
  const working = await bench.api.given.apiKey({ tenant, name: 'nightly export', description: 'Writes to the lake' });
  await bench.api.given.apiKey({ tenant, name: 'ends soon', expiresAt: soon, scopes: ['devices:read'] });
  const suspended = await bench.api.given.apiKey({ tenant, name: 'on hold' });
  await ask('mutation ($id: ID!) { suspendApiKey(id: $id) { apiKey { id } } }', { id: suspended.id });
  const revoked = await bench.api.given.apiKey({ tenant, name: 'long gone' });
  await ask('mutation ($ids: [ID!]) { revokeApiKeys(input: { ids: $ids, reason: COMPROMISED }) { count } }', {
    ids: [revoked.id],
  });
  return { tenant, session, working };
}

describe('list of keys in the console', () => {
  it('the console counts the keys by state, and each card lists its own keys with the reason in words', async () => {
    const { session } = await tenantOfKeys();
    const { page } = await bench.withSession(session, '/console/keys');
    const rows = page.getByRole('row').filter({ has: page.getByRole('link') });
    await rows.first().waitFor();
    expect(await rows.count()).toBe(3);
    const card = (name: string) => page.getByRole('button', { name });
    for (const [name, count, words] of [
      ['2 Active', 2, 'Active'],
      ['1 Expiring within 30 days', 1, 'ends in 4 days'],
      ['1 Blocked or suspended', 1, 'until somebody resumes it'],
      ['1 Revoked', 1, 'somebody else may have it'],
    ] as const) {
      await card(name).click();
      await page
        .getByRole('status')
        .getByText(count === 1 ? '1 key' : `${count} keys`)
        .waitFor();
      await rows.filter({ hasText: words }).first().waitFor();
      expect(await rows.count()).toBe(count);
    }
    expect(new URL(page.url()).search).toBe('?state=revoked');
    await card('1 Revoked').click();
    await rows.filter({ hasText: 'nightly export' }).waitFor();
  });

  it('the list of keys finds, filters and orders by what the address bar holds, also on the way back', async () => {
    const { session } = await tenantOfKeys();
    const { page } = await bench.withSession(session, '/console/keys?state=all&order=name');
    const names = () => page.locator('.key-name a').allInnerTexts();
    await page.getByText('4 keys').waitFor();
    expect(await names()).toEqual(['ends soon', 'long gone', 'nightly export', 'on hold']);
    await page.getByLabel('Scope').selectOption('config:write');
    await page.getByText('3 keys').waitFor();
    await page.getByLabel('Search').fill('to the LAKE');
    await page.getByText('1 key', { exact: true }).waitFor();
    expect(await names()).toEqual(['nightly export']);
    expect(new URL(page.url()).searchParams.get('q')).toBe('to the LAKE');
    await page.getByLabel('Search').fill('nothing of the kind');
    await page.getByRole('heading', { name: 'No key fits' }).waitFor();
    await page.goBack();
    await page.getByText('4 keys').waitFor();
  });

  it('the list of keys turns pages by cursor, forwards and back', async () => {
    const tenant: GivenTenant = await bench.api.given.tenant();
    const like = await bench.api.given.apiKey({ tenant, name: 'key 000' });
    for (let n = 1; n <= 44; n++) await storeKeys(bench.api, like, 1, `key ${String(n).padStart(3, '0')}`);
    const { page } = await bench.withSession(like.admin.session, '/console/keys?order=name');
    const first = page.locator('.key-name a').first();
    await first.getByText('key 000').waitFor();
    const [next, previous] = ['Next', 'Previous'].map((name) => page.getByRole('button', { name }));
    await next?.click();
    await first.getByText('key 020').waitFor();
    await next?.click();
    await first.getByText('key 040').waitFor();
    expect(await next?.isDisabled()).toBe(true);
    await previous?.click();
    await first.getByText('key 020').waitFor();
    await previous?.click();
    await first.getByText('key 000').waitFor();
  });

  it('the list of keys suspends, resumes and, after showing what stops, revokes many keys at once, without a reload', async () => {
    const { session } = await tenantOfKeys();
    const { page } = await bench.withSession(session, '/console/keys');
    const choose = async () => {
      await page.getByLabel('Choose nightly export').check();
      await page.getByLabel('Choose ends soon').check();
    };
    await choose();
    await page.getByRole('button', { name: 'Suspend …' }).click();
    const suspension = page.getByRole('dialog', { name: 'Suspend 2 keys' });
    await suspension.getByText('Requests in 24 hours').first().waitFor();
    await suspension.getByRole('button', { name: 'Suspend these 2 keys' }).click();
    await page.getByRole('button', { name: '3 Blocked or suspended' }).waitFor();
    await choose();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: '2 Active' }).waitFor();
    await choose();
    await page.getByRole('button', { name: 'Revoke …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Revoke 2 keys' });
    await dialog.getByText('Requests in 24 hours').first().waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Revoke these 2 keys' }).click();
    await page.getByRole('button', { name: '3 Revoked' }).waitFor();
    expect(await page.locator('.key-name a').allInnerTexts()).toEqual(['on hold']);
  });

  it('the list of keys shows which of many keys are suspended, when the last of them is refused', async () => {
    const { session } = await tenantOfKeys();
    const { page } = await bench.withSession(session, '/console/keys?state=all&order=name');
    await page.getByLabel('Choose ends soon').check();
    await page.getByLabel('Choose long gone').check();
    await page.getByRole('button', { name: 'Suspend …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Suspend 2 keys' });
    await dialog.getByRole('button', { name: 'Suspend these 2 keys' }).click();
    await dialog.getByText('Not possible now').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: '2 Blocked or suspended' }).waitFor();
  });

  it('a list of keys that fails shows the id of the request, and is read again on request', async () => {
    const { session } = await tenantOfKeys();
    const { page } = await bench.withSession(session, '/console/scopes');
    let isAway = true;
    await page.route('**/graphql', (route) => {
      if (!isAway) return route.continue();
      const away = { errors: [{ message: '', extensions: { code: 'SERVICE_UNAVAILABLE' } }] };
      return route.fulfill({ status: 503, headers: { 'x-request-id': 'request-4711' }, json: away });
    });
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await page.getByText('Out of service for a moment').waitFor();
    await page.getByText('request-4711').waitFor();
    await requireSound(page);
    isAway = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('nightly export').waitFor();
  });

  it('an empty list of keys offers to make the first key', async () => {
    const { session } = await bench.api.given.user();
    const { page } = await bench.withSession(session, '/console/keys');
    await page.getByRole('link', { name: 'Make the first key' }).waitFor();
    await requireSound(page);
  });

  it('pages for admins are neither shown to a member nor asked for by a member', async () => {
    const { page } = await bench.as(PEOPLE.viewer);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.postData() ?? ''));
    await page.getByRole('heading', { name: 'No keys yet' }).waitFor();
    await page.goto(`${bench.api.url}/console/policy`);
    await page.getByText('Not for your role').first().waitFor();
    expect(asked.filter((body) => /apiKeyPolicy|users\(/.test(body))).toEqual([]);
    await requireSound(page);
  });
});
