import type { Page } from 'playwright-core';
import { ConsoleBench, PEOPLE, violationsOf } from './console.js';
import { DAY_MS } from '../support/durations.js';
import { CREATE_KEY } from '../support/given.js';

const LOOKS = [
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
] as const;

let bench: ConsoleBench;
let keyId: string;
beforeAll(async () => {
  bench = await ConsoleBench.start();
  keyId = await fill();
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

/** What a tenant looks like that has worked with keys for a while. @returns the id of a key that is in use */
async function fill(): Promise<string> {
  const session = await bench.session(PEOPLE.admin);
  const ask = (query: string, variables: Record<string, unknown>) => bench.api.query(query, { session, variables });
  const { nodes } = (await ask('{ users { nodes { id kind } } }', {})).at<{ nodes: { id: string; kind: string }[] }>(
    'users',
  );
  const service = nodes.find(({ kind }) => kind === 'SERVICE')?.id;
  const make = async (input: Record<string, unknown>) =>
    (await ask(CREATE_KEY, { input })).at<string>('createApiKey.apiKey.id');
  const soon = new Date(Date.now() + 6 * DAY_MS).toISOString();
  const backup = ['devices:read', 'config:read', 'config:write'];
  const used = await make({
    name: 'Nightly configuration backup',
    description: 'Runs at 02:30 on the automation host.',
    scopes: backup,
    ownerId: service,
    allowedCidrs: ['10.20.0.0/16', '127.0.0.1/32'],
    rateLimit: { limit: 600, windowSeconds: 60 },
  });
  const monitoring = await make({ name: 'Monitoring', scopes: ['devices:read', 'alerts:read'] });
  await make({ name: 'CI pipeline', scopes: ['devices:read', 'firmware:write'], expiresAt: soon });
  const held = await make({ name: 'Contractor, until the audit is over', scopes: ['config:read'] });
  await ask('mutation ($id: ID!) { suspendApiKey(id: $id) { apiKey { id } } }', { id: held });
  const gone = await make({ name: 'Old exporter', scopes: ['devices:read'] });
  await ask('mutation ($ids: [ID!]) { revokeApiKeys(input: { ids: $ids, reason: SUPERSEDED }) { count } }', {
    ids: [gone],
  });
  await ask('mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { id } } }', {
    input: { id: used, description: 'Runs at 02:30 on the automation host, since October.' },
  });
  await bench.api.database.sql(
    `insert into api_key_usage_hours (api_key_id, tenant_id, hour, allowed, denied)
     select k.id, k.tenant_id, date_trunc('hour', now()) - n * interval '1 hour',
       40 + (30 * sin(n * 0.26 + length(k.name)))::int, case when n % 9 = 0 then 6 else 0 end
     from api_keys k, generate_series(0, 30 * 24) n where k.id = any($1)`,
    [[used, monitoring]],
  );
  await bench.api.database.sql(
    `update api_keys set last_used_at = now() - interval '4 minutes', last_used_ip = '10.20.0.17' where id = any($1)`,
    [[used, monitoring]],
  );
  return used;
}

interface Look {
  name: string;
  path: () => string;
  /** Seen once the page is complete. */
  shows: string;
  /** Opens a dialog of the page. */
  open?: (page: Page) => Promise<void>;
}

const press = (name: string) => async (page: Page) => {
  await page.getByRole('button', { name }).click();
  await page.getByRole('dialog').waitFor();
};
const key = () => `/console/keys/${keyId}`;

const PAGES: Look[] = [
  { name: 'keys', path: () => '/console/keys?state=all', shows: '6 keys' },
  { name: 'new-key', path: () => '/console/keys/new', shows: 'Read everything' },
  { name: 'key', path: key, shows: 'Last 48 hours, by the hour' },
  { name: 'key-change', path: key, shows: 'Timeline', open: press('Change …') },
  { name: 'key-rotate', path: key, shows: 'Timeline', open: press('Rotate …') },
  { name: 'key-transfer', path: key, shows: 'Timeline', open: press('Transfer …') },
  { name: 'key-revoke', path: key, shows: 'Timeline', open: press('Revoke …') },
  { name: 'policy', path: () => '/console/policy', shows: 'Every key must expire' },
  { name: 'audit', path: () => '/console/audit', shows: 'Contractor' },
  { name: 'people', path: () => '/console/people', shows: 'Nightly backup job' },
  { name: 'scopes', path: () => '/console/scopes', shows: 'firmware:write' },
  { name: 'nowhere', path: () => '/console/no/such/page', shows: 'There is nothing at this address' },
];

describe.each(LOOKS)('look of the console in %s, %i wide', (colorScheme, width) => {
  it('no page and no dialog of the console has a fault that axe finds, or is wider than the screen', async () => {
    const { page, screenshot } = await visit(colorScheme, width);
    const found: string[] = [];
    for (const { name, path, shows, open } of PAGES) {
      await page.goto(`${bench.api.url}${path()}`);
      await page.getByText(shows).first().waitFor();
      await page.locator('.skeleton').waitFor({ state: 'detached' });
      await open?.(page);
      found.push(...(await violationsOf(page)).map((fault) => `${name}: ${fault}`));
      const isWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      if (isWide) found.push(`${name}: wider than the screen`);
      await screenshot(name);
    }
    expect(found).toEqual([]);
  }, 180_000);
});

/** The admin's browser, and pictures of it named after the look. */
async function visit(colorScheme: 'light' | 'dark', width: number) {
  const visit = await bench.as(PEOPLE.admin, '/console', { colorScheme, width });
  const look = width < 1280 ? `phone-${colorScheme}` : colorScheme;
  const screenshot = async (name: string) => {
    const isKept = KEPT.has(`${name}-${look}`) || process.env['UPDATE_SCREENSHOTS'] === 'all';
    if (isKept) await visit.screenshot(`console-${name}-${look}`);
  };
  return { page: visit.page, screenshot };
}

/** The pictures of the documentation; `UPDATE_SCREENSHOTS=all` takes every one. */
const KEPT = new Set(['keys-light', 'keys-dark', 'key-light', 'new-key-light', 'key-revoke-light', 'keys-phone-dark']);

it('everything is reached by the keyboard: a key is revoked without a mouse', async () => {
  const { page } = await bench.as(PEOPLE.admin, key());
  await page.getByRole('button', { name: 'Revoke …' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Revoke the key' });
  await dialog.getByText('Requests in 24 hours').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Revoke …');
  await page.keyboard.press('Enter');
  await dialog.getByText('Requests in 24 hours').waitFor();
  for (let n = 0; n < 10; n++) {
    if ((await page.evaluate('document.activeElement.textContent')) === 'Revoke this key') break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByText('nobody needed it').first().waitFor();
});
