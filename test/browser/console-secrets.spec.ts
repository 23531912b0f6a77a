import type { Page } from 'playwright-core';
import { until } from '../support/until.js';
import { ConsoleBench, PEOPLE } from './console.js';

/** A longer run takes more, as `SECRET_ROUNDS=60`: twenty minutes of somebody's work. */
const ROUNDS = Number(process.env['SECRET_ROUNDS'] ?? 3);

let bench: ConsoleBench;
beforeAll(async () => {
  bench = await ConsoleBench.start();
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

/** Everything that the page's JavaScript still holds, as text. */
async function heapOf(page: Page): Promise<string> {
  const devtools = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  devtools.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => void chunks.push(chunk));
  await devtools.send('HeapProfiler.enable');
  for (let n = 0; n < 3; n++) await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await devtools.detach();
  return chunks.join('');
}

it(`after ${ROUNDS} keys made and rotated, no secret is left in the page, its memory, its storage or its history`, async () => {
  const { page } = await bench.as(PEOPLE.admin, '/console/keys');
  // Taken from the answers, as reading them from the page would leave them there.
  const secrets: string[] = [];
  page.on('response', (response) => {
    if (!response.url().endsWith('/graphql')) return;
    void response.text().then(
      (body) => secrets.push(...(body.match(/mktp_\w{49}/g) ?? [])),
      () => undefined,
    );
  });
  const store = async (count: number) => {
    await until('the secret was answered', () => secrets.length >= count);
    if (count === 1) expect(await heapOf(page)).toContain(secrets[0]);
    await page.getByLabel('I have stored the secret').check();
    await page.getByRole('button', { name: 'Close, and forget it here' }).click();
  };
  for (let round = 0; round < ROUNDS; round++) {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Keys' }).click();
    await page.getByRole('link', { name: 'New key' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`round ${round}`);
    await page.getByRole('group', { name: 'devices' }).getByLabel('Read', { exact: true }).check();
    await page.getByRole('button', { name: 'Make the key' }).click();
    await store(2 * round + 1);
    await page.getByRole('heading', { name: `round ${round}` }).waitFor();
    await page.getByRole('button', { name: 'Rotate …' }).click();
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await store(2 * round + 2);
  }
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Keys' }).click();
  await page.getByText('Demonstration key').waitFor();
  const heap = await heapOf(page);
  expect(secrets).toHaveLength(2 * ROUNDS);
  expect(secrets.filter((secret) => heap.includes(secret))).toEqual([]);
  const kept = await page.evaluate(
    'document.documentElement.outerHTML + JSON.stringify([localStorage, sessionStorage, history.state, location.href])',
  );
  expect(secrets.filter((secret) => String(kept).includes(secret))).toEqual([]);
}, 120_000);
