import { LocalServer } from '../support/local-server.js';
import { makeOwnKey } from '../support/members.js';
import { until } from '../support/until.js';
import { deliveriesOf, makeEndpoint } from '../support/webhooks.js';
import type { Visit } from './browser.js';
import { ConsoleBench, storeSecret } from './console.js';
import { lookAt, press, type Shown } from './looks.js';

const SENDING = { config: { webhooks: { acceptHttp: true, allowedNetworks: ['127.0.0.0/8'], pollMs: 20 } } };

let bench: ConsoleBench;
let receiver: LocalServer;
let visit: Visit;
let id: string;
beforeAll(async () => {
  receiver = await LocalServer.start((_, response) => response.writeHead(204).end());
  bench = await ConsoleBench.start(SENDING);
  const admin = await bench.api.given.user();
  ({ id } = await makeEndpoint(bench.api, admin, { url: receiver.url, description: 'The pager of the network' }));
  await makeOwnKey(bench.api, admin, { name: 'Nightly backup' });
  await until(
    'the event is delivered',
    async () => (await deliveriesOf(bench.api, admin, id))[0]?.status === 'DELIVERED',
  );
  visit = await bench.withSession(admin.session);
});
afterAll(async () => {
  await bench.closeVisits();
  await bench.stop();
  await receiver.stop();
});

const endpoint = () => `/console/webhooks/${id}`;
const LOOKS: Shown[] = [
  { name: 'webhooks', path: () => '/console/webhooks', shows: 'The pager of the network' },
  {
    name: 'webhooks-new',
    path: () => '/console/webhooks',
    shows: 'The pager of the network',
    open: async (page) => {
      await press('New endpoint …')(page);
      await page.getByLabel('Everything, and what is added later').uncheck();
      await page.getByLabel('Address').fill('https://10.0.0.1/');
      await page.getByRole('button', { name: 'Make the endpoint' }).click();
      await page.locator('[aria-invalid="true"]').waitFor();
    },
  },
  {
    name: 'webhook',
    path: endpoint,
    shows: 'Body',
    open: (page) => page.getByText('Body', { exact: true }).first().click(),
  },
  { name: 'webhook-change', path: endpoint, shows: 'Body', open: press('Change …') },
  { name: 'webhook-rotate', path: endpoint, shows: 'Body', open: press('Rotate the secret …') },
  { name: 'webhook-delete', path: endpoint, shows: 'Body', open: press('Delete …') },
  {
    name: 'webhook-secret',
    path: endpoint,
    shows: 'Body',
    open: async (page) => {
      await press('Rotate the secret …')(page);
      await page.getByRole('button', { name: 'Make a new secret' }).click();
      await page.getByRole('dialog', { name: 'The new secret' }).waitFor();
    },
    close: storeSecret,
  },
];

describe('light and dark, 1280 and 390 wide, axe finds no fault and nothing is wider than the screen:', () => {
  it.each(LOOKS)('$name', (shown) => lookAt(visit, shown));
});
