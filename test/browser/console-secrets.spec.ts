import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { until } from '../support/until.js';
import { ConsoleBench, PEOPLE } from './console.js';

/** A longer run takes more: `SECRET_ROUNDS=60` is twenty minutes of somebody's work. */
const ROUNDS = Number(process.env['SECRET_ROUNDS'] ?? 2);
/** What a round takes at least in a longer run. */
const ROUND_MS = ROUNDS > 2 ? 20_000 : 0;

let bench: ConsoleBench;
beforeAll(async () => {
  bench = await ConsoleBench.start();
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

/** What the page keeps outside of its memory. */
const KEPT =
  'document.documentElement.outerHTML + JSON.stringify([localStorage, sessionStorage, history.state, location.href])';

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

it(
  `in ${ROUNDS} rounds of work, no secret stays in the page, its memory, its storage or its history once its dialog is closed`,
  async () => {
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
    const go = (name: string) => page.getByRole('link', { name, exact: true }).click();
    const store = async (count: number) => {
      await until('the secret was answered', () => secrets.length >= count);
      // The search finds a secret while it is there to be found.
      if (count === 1) expect(await heapOf(page)).toContain(secrets[0]);
      for (const name of ['GraphQL', '.env']) await page.getByRole('radio', { name }).check();
      await page.getByRole('button', { name: 'Copy the secret' }).click();
      await page.getByLabel('I have stored the secret').check();
      await page.getByRole('button', { name: 'Close, and forget it here' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('heading', { name: 'Timeline' }).waitFor();
      await requireForgotten();
    };
    const requireForgotten = async () => {
      const heap = await heapOf(page);
      expect(secrets.filter((secret) => heap.includes(secret))).toEqual([]);
      const kept = String(await page.evaluate(KEPT));
      expect(secrets.filter((secret) => kept.includes(secret))).toEqual([]);
    };
    for (let round = 0; round < ROUNDS; round++) {
      const begunAt = performance.now();
      await go('Keys');
      await page.getByRole('link', { name: 'New key' }).click();
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`round ${round}`);
      await page.getByRole('group', { name: 'devices' }).getByLabel('Read', { exact: true }).check();
      await page.getByRole('button', { name: 'Make the key' }).click();
      await store(2 * round + 1);
      await page.getByRole('heading', { name: `round ${round}` }).waitFor();
      await page.getByRole('button', { name: 'Rotate …' }).click();
      await page.getByRole('button', { name: 'Make a new secret' }).click();
      await store(2 * round + 2);
      for (const name of ['Policy', 'Audit trail', 'People', 'Scopes']) await go(name);
      await delay(Math.max(0, ROUND_MS - (performance.now() - begunAt)));
    }
    expect(secrets).toHaveLength(2 * ROUNDS);
    await requireForgotten();
  },
  180_000 + ROUNDS * (20_000 + ROUND_MS),
);
