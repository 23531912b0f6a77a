import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { NOTIFICATION_KINDS } from '#notifications/words';
import { eventPage } from '../support/event-pages.js';
import { everyKind } from '../support/every-kind.js';
import type { GivenUser } from '../support/given.js';
import { noticeThePast } from '../support/notices.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { QUIET } from '../support/usage.js';
import { typeOf, WebhookReceiver } from '../support/webhook-receiver.js';
import { type GivenEndpoint, makeEndpoint } from '../support/webhooks.js';

const PAGE = join(import.meta.dirname, '../../docs/events.md');
const WEBHOOKS = { acceptHttp: true, allowedNetworks: ['127.0.0.0/8'], pollMs: 20, sweepMs: 20 };
const WIRE = NOTIFICATION_KINDS.map((kind) => kind.toLowerCase().replace('api_key_', 'api_key.'));

describe('kinds of webhooks', () => {
  let api: TestPortal;
  let receiver: WebhookReceiver;
  let endpoint: GivenEndpoint;
  let admin: GivenUser;
  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    api = await TestPortal.start({ config: { ...QUIET, webhooks: WEBHOOKS } });
    await noticeThePast(api.database);
    admin = await api.given.user();
    endpoint = await makeEndpoint(api, admin, { url: receiver.url });
    await everyKind(api, admin);
    const missing = () => WIRE.filter((type) => !receiver.received.some((one) => typeOf(one) === type));
    await until('a delivery of every kind has arrived', () => missing().length === 0).catch((error: unknown) => {
      throw new Error(`These kinds have not arrived: ${missing().join(', ')}`, { cause: error });
    });
  });
  afterAll(async () => {
    await api.stop();
    await receiver.stop();
  });

  it('every kind that an endpoint can choose arrives, signed and thin, with the type that the kind has on the wire', () => {
    const types = new Set(receiver.received.map(typeOf));
    expect([...types].toSorted()).toEqual(WIRE.toSorted());
    for (const { body, headers } of receiver.received) {
      expect(() => new Webhook(endpoint.secret).verify(body, headers as Record<string, string>)).not.toThrow();
      expect(JSON.parse(body)).toMatchObject({ data: { tenantId: admin.tenantId } });
      expect(Buffer.byteLength(body)).toBeLessThan(20_000);
    }
  });

  it('docs/events.md shows every kind with the body that a receiver gets', async () => {
    const page = eventPage(receiver.received.map(({ body }) => body));
    if (process.env['UPDATE_EVENTS']) await writeFile(PAGE, page);
    expect(await readFile(PAGE, 'utf8')).toBe(page);
  });
});
