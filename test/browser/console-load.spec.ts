import { gunzipSync, gzipSync } from 'node:zlib';
import { storeKeys } from '../support/store-keys.js';
import { ConsoleBench } from './console.js';

const MAX_SCRIPT_BYTES = 150 * 1024;

let bench: ConsoleBench;
beforeAll(async () => {
  bench = await ConsoleBench.start();
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

it('a first visit loads at most 150 kB of script, gzipped, before the keys are shown', async () => {
  const { given } = bench.api;
  const { admin } = await given.apiKey({ name: 'only one' });
  const scripts: Promise<number>[] = [];
  const { page } = await bench.open('/console/none');
  page.on('response', (response) => {
    if (!/\/assets\/.*\.js$/.test(response.url())) return;
    scripts.push(response.body().then((body) => (body[0] === 0x1f ? gunzipSync(body).length : gzipSync(body).length)));
  });
  await page.goto(`${bench.api.url}/console/keys`);
  await page.getByText('Sign in with a session token').click();
  await page.getByLabel('Token of').fill(admin.session);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('only one').waitFor();
  const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(50 * 1024);
  expect(bytes).toBeLessThan(MAX_SCRIPT_BYTES);
});

it('10,000 keys are counted, listed and searched', async () => {
  const like = await bench.api.given.apiKey({ name: 'the needle', description: 'one in ten thousand' });
  await storeKeys(bench.api, like, 9_999, 'hay');
  const { page } = await bench.withSession(like.admin.session, '/console/keys?state=all');
  await page.getByText('10,000 keys').waitFor();
  await page.getByRole('button', { name: '10,000 Active' }).waitFor();
  const begunAt = performance.now();
  await page.getByLabel('Search').fill('TEN THOUSAND');
  await page.getByText('1 key', { exact: true }).waitFor();
  expect(performance.now() - begunAt).toBeLessThan(10_000);
  expect(await page.locator('.key-name a').allInnerTexts()).toEqual(['the needle']);
});
