import type { Page } from 'playwright-core';
import type { Visit } from './browser.js';
import { ConsoleBench, PEOPLE, storeSecret } from './console.js';
import { type LivedIn, liveIn, UPDATE_KEY } from './lived-in-tenant.js';
import { lookAt, press, type Shown } from './looks.js';

const NOBODY = '00000000-0000-4000-8000-000000000000';

let bench: ConsoleBench;
let ids: LivedIn;
let admin: Visit;
let member: Visit;
beforeAll(async () => {
  bench = await ConsoleBench.start();
  ids = await liveIn(bench);
  admin = await bench.as(PEOPLE.admin);
  member = await bench.as(PEOPLE.operator);
});
afterAll(async () => {
  await bench.closeVisits();
  await bench.stop();
});

const request = () => `/console/requests/${ids.request}`;

const PAGES_OF_MEMBER: Shown[] = [
  { name: 'member-keys', path: () => '/console/keys', shows: 'an admin has not approved it yet' },
  { name: 'member-new-key', path: () => '/console/keys/new?note=For%20Grafana', shows: 'Read-only' },
  {
    name: 'member-new-key-secret',
    path: () => '/console/keys/new?name=Grafana&scopes=devices:read',
    shows: 'Read-only',
    open: press('Make the key', 'The key opens nothing until an admin approves it'),
    close: storeSecret,
  },
  { name: 'member-key', path: () => `/console/keys/${ids.request}`, shows: 'waits for the approval of an admin' },
];

const PAGES_OF_ADMIN: Shown[] = [
  { name: 'requests', path: () => '/console/requests', shows: 'Lists the devices with old firmware' },
  { name: 'request', path: request, shows: 'needed it in 30 days' },
  { name: 'request-reject', path: request, shows: 'needed it in 30 days', open: press('Reject …', 'never opens') },
  { name: 'request-changed', path: request, shows: 'needed it in 30 days', open: meetChange },
  { name: 'request-answered', path: () => `/console/requests/${ids.used}`, shows: 'No answer is waited for' },
  { name: 'request-none', path: () => `/console/requests/${NOBODY}`, shows: 'There is no request' },
  { name: 'key-request', path: () => `/console/keys/${ids.request}`, shows: 'Answer the request' },
  { name: 'policy-members', path: () => '/console/policy', shows: 'May members make keys', open: previewMembers },
];

/** The member changes the request while the admin reads it. */
async function meetChange(page: Page) {
  await bench.api.query(UPDATE_KEY, {
    session: await bench.session(PEOPLE.operator),
    variables: { input: { id: ids.request, description: 'Runs on Mondays.' } },
  });
  await page.getByRole('button', { name: 'Approve as asked' }).click();
  await page.getByText('Changed since you opened it').waitFor();
}

async function previewMembers(page: Page) {
  await page.getByLabel('Yes, without approval').check();
  await page.getByRole('button', { name: 'Preview what this would block' }).click();
  await page.getByText('From now on members make and widen keys').waitFor();
}

describe('light and dark, 1280 and 390 wide, axe finds no fault and nothing is wider than the screen:', () => {
  it.each(PAGES_OF_MEMBER)('$name', (shown) => lookAt(member, shown));
  it.each(PAGES_OF_ADMIN)('$name', (shown) => lookAt(admin, shown));
});
