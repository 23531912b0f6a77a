import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { LocalServer } from '../support/local-server.js';
import { makeOwnKey } from '../support/members.js';
import { until } from '../support/until.js';
import { deliveriesOf, makeEndpoint } from '../support/webhooks.js';
import { ConsoleBench, PEOPLE, secretOf, storeSecret } from './console.js';

const SENDING = { config: { webhooks: { acceptHttp: true, allowedNetworks: ['127.0.0.0/8'], pollMs: 20 } } };
const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

interface Received {
  headers: Record<string, string>;
  body: string;
}

let bench: ConsoleBench;
let receiver: LocalServer;
/** What the receiver answers. */
let status = 204;
const received: Received[] = [];
beforeAll(async () => {
  bench = await ConsoleBench.start(SENDING);
  receiver = await LocalServer.start((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(status).end();
    });
  });
});
beforeEach(() => {
  status = 204;
  received.length = 0;
});
afterEach(() => bench.closeVisits());
afterAll(async () => {
  await bench.stop();
  await receiver.stop();
});

const isSignedBy = (secret: string, { headers, body }: Received): boolean => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};

describe('webhooks in the console', () => {
  it('an endpoint is made with its secret shown once, tried, changed, disabled, enabled and deleted', async () => {
    const admin = await bench.api.given.admin(await bench.api.given.tenant());
    const { page } = await bench.withSession(admin.session, '/console/webhooks');
    await page.getByRole('button', { name: 'New endpoint …' }).click();
    await page.getByRole('button', { name: 'Make the endpoint' }).click();
    await page.locator('[aria-invalid="true"]').waitFor();
    await page.getByLabel('Address').fill(`${receiver.url}/hooks`);
    await page.getByLabel('Description').fill('on call');
    await page.getByLabel('Everything, and what is added later').uncheck();
    await page.getByLabel('Rotated').check();
    await page.getByRole('button', { name: 'Make the endpoint' }).click();
    await page.getByRole('dialog', { name: 'The endpoint is made' }).waitFor();
    const secret = await secretOf(page);
    expect(secret).toMatch(SECRET);
    await storeSecret(page);
    await page.getByRole('heading', { name: `${receiver.url}/hooks` }).waitFor();
    expect(await page.content()).not.toContain(secret);
    await page.getByText('Rotated, Revoked').waitFor();

    await page.getByRole('button', { name: 'Send a test event' }).click();
    await page.getByRole('cell', { name: 'Delivered' }).waitFor();
    expect(received.map((each) => isSignedBy(secret, each))).toEqual([true]);

    await page.getByRole('button', { name: 'Change …' }).click();
    await page.getByLabel('Description').fill('on call, at night');
    await page.getByLabel('Rotated').uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('on call, at night').waitFor();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('nothing is sent or kept for it').waitFor();
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByText('Enabled', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Webhooks' }).click();
    await page.getByRole('cell', { name: 'Revoked', exact: true }).waitFor();
    await page.getByRole('link', { name: `${receiver.url}/hooks` }).click();
    await page.getByRole('button', { name: 'Delete …' }).click();
    await page.getByRole('button', { name: 'Delete the endpoint' }).click();
    await page.getByRole('heading', { name: 'No endpoints yet' }).waitFor();
  });

  it('the secret of an endpoint is rotated, and both secrets sign during the overlap', async () => {
    const admin = await bench.api.given.admin(await bench.api.given.tenant());
    const { id, secret: old } = await makeEndpoint(bench.api, admin, { url: receiver.url });
    const { page } = await bench.withSession(admin.session, `/console/webhooks/${id}`);
    await page.getByRole('button', { name: 'Rotate the secret …' }).click();
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByRole('dialog', { name: 'The new secret' }).waitFor();
    const secret = await secretOf(page);
    expect(secret).not.toBe(old);
    await page.getByText('both secrets sign each delivery').waitFor();
    await storeSecret(page);
    await page.getByText('Two secrets sign').waitFor();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Send a test event' }).click();
    await page.getByRole('cell', { name: 'Delivered' }).waitFor();
    expect([old, secret].map((each) => isSignedBy(each, received[0] as Received))).toEqual([true, true]);
  });

  it('a failed delivery is found by its state, shows what was sent and what was answered, and is sent again', async () => {
    const admin = await bench.api.given.admin(await bench.api.given.tenant());
    const { id } = await makeEndpoint(bench.api, admin, { url: receiver.url, kinds: ['API_KEY_CREATED'] });
    status = 500;
    const key = await makeOwnKey(bench.api, admin, { name: 'reported' });
    await until('the delivery was tried', async () => (await deliveriesOf(bench.api, admin, id))[0]?.attempts === 1);
    // As after the last of its attempts.
    await bench.api.database.sql(
      `update webhook_deliveries set status = 'FAILED', next_attempt_at = null where endpoint_id = $1`,
      [id],
    );
    const { page } = await bench.withSession(admin.session, `/console/webhooks/${id}`);
    await page.getByLabel('State').selectOption('DELIVERED');
    await page.getByText('No delivery is in this state').waitFor();
    await page.getByLabel('State').selectOption('FAILED');
    await page.getByRole('cell', { name: '500' }).waitFor();
    expect(new URL(page.url()).search).toBe('?status=FAILED');
    await page.getByText('Body', { exact: true }).click();
    expect(JSON.parse(await page.getByRole('region', { name: 'Body of' }).innerText())).toMatchObject({
      type: 'api_key.created',
      data: { apiKeyId: key.id },
    });
    status = 204;
    await page.getByLabel('State').selectOption('');
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.getByRole('cell', { name: 'Delivered' }).waitFor();
    const ids = received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([ids[0], ids[0]]);
  });

  it('a member is offered no webhooks, and asks for none', async () => {
    const { page } = await bench.as(PEOPLE.operator, '/console/webhooks');
    await page.getByText('Not for your role').waitFor();
    expect(await page.getByRole('link', { name: 'Webhooks' }).count()).toBe(0);
  });
});
