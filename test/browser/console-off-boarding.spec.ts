import type { Page } from 'playwright-core';
import type { GivenTenant } from '../support/given.js';
import { storeKeys } from '../support/store-keys.js';
import { ConsoleBench, requireSound, violationsOf } from './console.js';

let bench: ConsoleBench;
beforeAll(async () => {
  bench = await ConsoleBench.start();
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

const TRANSFER = 'mutation TransferKey';

/** Somebody with more keys than the API lists at once, and a viewer to give them to. */
async function leaving(count: number) {
  const tenant: GivenTenant = await bench.api.given.tenant();
  const admin = await bench.api.given.admin(tenant);
  const [owner, viewer] = [
    await bench.api.given.user({ tenant }),
    await bench.api.given.user({ tenant, role: 'VIEWER' }),
  ];
  const like = await bench.api.given.apiKey({
    tenant,
    owner,
    name: 'the first',
    scopes: ['devices:read', 'devices:write'],
  });
  await storeKeys(bench.api, like, count - 1, 'one of many');
  const { page } = await bench.withSession(admin.session, `/console/people/${owner.id}`);
  await page.getByText(`${count} keys that can still work`).waitFor();
  const keysOf = async (id: string) => {
    const query = 'query ($filter: ApiKeyFilter!) { apiKeys(filter: $filter, first: 1) { totalCount } }';
    const answer = await bench.api.query(query, { session: admin.session, variables: { filter: { ownerId: id } } });
    return answer.at<number>('apiKeys.totalCount');
  };
  return { page, admin, owner, viewer, like, keysOf };
}

async function transferTo(page: Page, owner: string, count: number) {
  await page.getByRole('button', { name: 'Transfer all …' }).click();
  await page.getByLabel('New owner').selectOption(owner);
  await page.getByRole('button', { name: `Transfer all ${count}` }).click();
}

describe('off-boarding in the console', () => {
  it('a person who leaves is found among the people, and has a page with the keys', async () => {
    const { page, owner } = await leaving(25);
    await page.getByRole('navigation', { name: 'Pages', exact: true }).getByRole('link', { name: 'People' }).click();
    await page.getByRole('link', { name: owner.email }).click();
    await page.getByText('25 keys that can still work').waitFor();
    expect(await page.locator('.owned > li').count()).toBe(20);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('the first', { exact: true }).waitFor();
    expect(await page.locator('.owned > li').count()).toBe(5);
  });

  it('130 keys are transferred after their lost scopes were shown; the end is reported, and the list is right', async () => {
    const { page, owner, viewer, keysOf } = await leaving(130);
    await page.getByRole('button', { name: 'Transfer all …' }).click();
    await page.getByLabel('New owner').selectOption(viewer.id);
    await page.getByText('130 of 130 lose scopes.').waitFor();
    await page.getByText('loses devices:write for good').first().waitFor();
    await page.getByText('And 30 more.').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Transfer all 130' }).click();
    await page.getByText(`All 130 keys belong to ${viewer.email} now.`).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('0 keys that can still work').waitFor();
    expect([await keysOf(owner.id), await keysOf(viewer.id)]).toEqual([0, 130]);
  });

  it('a transfer that meets an outage of the database reports its progress, and goes on from there', async () => {
    const { page, owner, viewer, keysOf } = await leaving(120);
    let sent = 0;
    let isAway = true;
    await page.route('**/graphql', (route) => {
      const isTransfer = route.request().postData()?.includes(TRANSFER);
      if (!isTransfer || ++sent <= 7 || !isAway) return route.continue();
      const away = { errors: [{ message: '', extensions: { code: 'SERVICE_UNAVAILABLE' } }] };
      return route.fulfill({ status: 503, headers: { 'x-request-id': 'request-4711' }, json: away });
    });
    await transferTo(page, viewer.id, 120);
    await page.getByText(`7 of 120 keys belong to ${viewer.email} now. The other 113 are as they were.`).waitFor();
    await page.getByText('The portal cannot reach its database').waitFor();
    await page.getByText('request-4711').waitFor();
    await requireSound(page);
    expect(await keysOf(viewer.id)).toBe(7);
    isAway = false;
    await page.getByRole('button', { name: 'Go on with the other 113' }).click();
    await page.getByText(`All 120 keys belong to ${viewer.email} now.`).waitFor();
    expect([await keysOf(owner.id), await keysOf(viewer.id)]).toEqual([0, 120]);
  });

  it('a transfer that is stopped leaves the other keys, and names each key that the portal refuses with the reason', async () => {
    const { page, admin, owner, viewer, like, keysOf } = await leaving(110);
    let isHeld = true;
    let sent = 0;
    const held: (() => void)[] = [];
    await page.route('**/graphql', async (route) => {
      const isTransfer = route.request().postData()?.includes(TRANSFER);
      if (isTransfer && ++sent > 3 && isHeld) await new Promise<void>((go) => held.push(go));
      return route.continue();
    });
    await transferTo(page, viewer.id, 110);
    await page.getByText('3 of 110 keys transferred').waitFor();
    await page.getByRole('button', { name: 'Stop here' }).click();
    isHeld = false;
    for (const go of held) go();
    await page.getByText(`4 of 110 keys belong to ${viewer.email} now. The other 106 are as they were.`).waitFor();
    expect(await keysOf(owner.id)).toBe(106);
    await bench.api.query('mutation ($ids: [ID!]) { revokeApiKeys(input: { ids: $ids }) { count } }', {
      session: admin.session,
      // The list is read newest first, and these were made first.
      variables: { ids: [like.id] },
    });
    await page.getByRole('button', { name: 'Go on with the other 106' }).click();
    await page.getByText(`109 of 110 keys belong to ${viewer.email} now.`).waitFor();
    await page.getByText('the first stays with its owner').waitFor();
    await requireSound(page);
  });

  it('all 130 keys of a person are revoked at once, after the impact of the last used keys was shown', async () => {
    const { page, like } = await leaving(130);
    await page.getByRole('button', { name: 'Revoke all …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Revoke 130 keys' });
    await dialog.getByText('The 100 keys that were used last, of 130').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Revoke these 130 keys' }).click();
    await page.getByText('Revoked: all 130 keys of').waitFor();
    await page.getByText('0 keys that can still work').waitFor();
    expect((await bench.api.query('{ viewer { kind } }', { key: like.secret })).reason).toBe('REVOKED_KEY');
  });
});
