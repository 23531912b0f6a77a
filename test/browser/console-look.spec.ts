import type { Page } from 'playwright-core';
import { until } from '../support/until.js';
import type { Visit } from './browser.js';
import { ConsoleBench, PEOPLE, storeSecret } from './console.js';
import { type LivedIn, liveIn, UPDATE_KEY } from './lived-in-tenant.js';
import { lookAt, press, type Shown } from './looks.js';

let bench: ConsoleBench;
let ids: LivedIn;
let visit: Visit;
beforeAll(async () => {
  bench = await ConsoleBench.start({ config: { apiKeys: { flushIntervalSeconds: 1 } } });
  ids = await liveIn(bench);
  visit = await bench.as(PEOPLE.admin);
});
afterAll(async () => {
  await bench.closeVisits();
  await bench.stop();
});

const choose = (name: string) => async (page: Page) => {
  await page.getByLabel('Choose CI pipeline').check();
  await press(name, 'Requests in 24 hours')(page);
};
const key = () => `/console/keys/${ids.used}`;
const person = () => `/console/people/${ids.owner}`;
const IMPACT = 'Requests in 24 hours';

const PAGES: Shown[] = [
  { name: 'keys', path: () => '/console/keys?state=all', shows: '8 keys' },
  { name: 'keys-none', path: () => '/console/keys?q=nothing', shows: 'No key fits' },
  { name: 'keys-suspend', path: () => '/console/keys', shows: 'CI pipeline', open: choose('Suspend …') },
  { name: 'keys-revoke', path: () => '/console/keys', shows: 'CI pipeline', open: choose('Revoke …') },
  { name: 'new-key', path: () => '/console/keys/new', shows: 'Read-only' },
  { name: 'new-key-pasted', path: () => '/console/keys/new', shows: 'Read-only', open: pasteOperation },
  { name: 'new-key-wrong', path: () => '/console/keys/new?networks=10.0.0.1/8', shows: 'Networks', open: makeWrong },
  {
    name: 'new-key-secret',
    path: () => '/console/keys/new?name=Grafana&scopes=devices:read',
    shows: 'Read-only',
    open: press('Make the key', 'Waiting for the first use'),
    close: storeSecret,
  },
  { name: 'key', path: key, shows: 'Last 48 hours, by the hour' },
  { name: 'key-change', path: key, shows: 'Timeline', open: press('Change …', 'devices') },
  { name: 'key-conflict', path: key, shows: 'Timeline', open: meetConflict },
  { name: 'key-rotate', path: key, shows: 'Timeline', open: press('Rotate …') },
  { name: 'key-suspend', path: key, shows: 'Timeline', open: press('Suspend …', IMPACT) },
  { name: 'key-transfer', path: key, shows: 'Timeline', open: chooseOwner('Transfer …') },
  { name: 'key-revoke', path: key, shows: 'Timeline', open: press('Revoke …', IMPACT) },
  { name: 'key-narrow', path: key, shows: 'Timeline', open: press('Take them away …') },
  { name: 'key-rotating', path: () => `/console/keys/${ids.rotating}`, shows: 'Two secrets work' },
  {
    name: 'key-rotating-end',
    path: () => `/console/keys/${ids.rotating}`,
    shows: 'Two secrets work',
    open: press('End the overlap now', 'every program that uses this key stops'),
  },
  { name: 'key-revoked', path: () => `/console/keys/${ids.gone}`, shows: 'presented this key after it was revoked' },
  { name: 'key-none', path: () => '/console/keys/00000000-0000-4000-8000-000000000000', shows: 'No such key' },
  { name: 'policy', path: () => '/console/policy', shows: 'Every key must expire' },
  { name: 'policy-preview', path: () => '/console/policy', shows: 'Every key must expire', open: preview },
  { name: 'audit', path: () => '/console/audit', shows: 'Contractor' },
  { name: 'audit-none', path: () => '/console/audit?kind=IMPORTED', shows: 'Nothing found' },
  { name: 'people', path: () => '/console/people', shows: 'Nightly backup job' },
  { name: 'person', path: person, shows: 'Off-boarding' },
  { name: 'person-transfer', path: person, shows: 'Off-boarding', open: chooseOwner('Transfer all …') },
  { name: 'person-revoke', path: person, shows: 'Off-boarding', open: press('Revoke all …', IMPACT) },
  { name: 'person-none', path: () => '/console/people/nobody', shows: 'There is nobody of this tenant' },
  { name: 'scopes', path: () => '/console/scopes', shows: 'firmware:write' },
  {
    name: 'nowhere',
    asksNothing: true,
    path: () => '/console/no/such/page',
    shows: 'There is nothing at this address',
  },
  {
    name: 'session-ended',
    path: () => '/console/scopes',
    shows: 'firmware:write',
    open: endSession,
    close: signInAgain,
  },
];

async function pasteOperation(page: Page) {
  await page.getByText('Paste a GraphQL operation').click();
  await page.getByLabel('Operation', { exact: true }).fill('{ devices { nodes { hostname } } }');
  await page.getByRole('button', { name: 'Take its scopes' }).click();
  await page.getByText('Taken: devices:read.').waitFor();
}

async function makeWrong(page: Page) {
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.getByText('things are wrong above').waitFor();
}

/** Somebody else describes the key while it is being renamed. */
async function meetConflict(page: Page) {
  await press('Change …', 'devices')(page);
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Backup of the night');
  await bench.api.query(UPDATE_KEY, {
    session: await bench.session(PEOPLE.admin),
    variables: { input: { id: ids.used, description: 'Runs at 03:30.' } },
  });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('since you opened it').waitFor();
}

function chooseOwner(name: string) {
  return async (page: Page) => {
    await press(name)(page);
    await page.getByLabel('New owner').selectOption({ label: 'Victor Viewer (Person, Viewer)' });
    await page.getByText('for good').first().waitFor();
  };
}

async function preview(page: Page) {
  await page.getByLabel('Every key must expire').check();
  await page.getByRole('button', { name: 'Preview what this would block' }).click();
  await page.getByText('would be blocked or cut').waitFor();
}

async function endSession(page: Page) {
  const refused = { errors: [{ message: '', extensions: { code: 'UNAUTHENTICATED' } }] };
  await page.route('**/graphql', (route) => route.fulfill({ status: 401, json: refused }));
  await page.getByRole('link', { name: 'Keys', exact: true }).click();
  await page.getByRole('alertdialog', { name: 'Your session has ended' }).waitFor();
  await page.getByRole('button', { name: PEOPLE.admin }).waitFor();
}

async function signInAgain(page: Page) {
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: PEOPLE.admin }).click();
  await page.getByRole('alertdialog').waitFor({ state: 'detached' });
}

describe('light and dark, 1280 and 390 wide, axe finds no fault and nothing is wider than the screen:', () => {
  it.each(PAGES)('$name', (shown) => lookAt(visit, shown));
});

it('everything is reached by the keyboard: a key is revoked without a mouse', async () => {
  const { page } = await bench.as(PEOPLE.admin, key());
  await page.getByRole('button', { name: 'Revoke …' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Revoke the key' });
  await dialog.getByText('Requests in 24 hours').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await until('the button has the focus', () =>
    page.evaluate<boolean>(`document.activeElement.textContent === 'Revoke …'`),
  );
  await page.keyboard.press('Enter');
  await dialog.getByText('Requests in 24 hours').waitFor();
  for (let n = 0; n < 10; n++) {
    if ((await page.evaluate('document.activeElement.textContent')) === 'Revoke this key') break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByText('nobody needed it').first().waitFor();
});
