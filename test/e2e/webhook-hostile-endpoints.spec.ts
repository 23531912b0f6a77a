import type { RequestListener } from 'node:http';
import type { GivenUser } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { deliveriesOf, makeEndpoint } from '../support/webhooks.js';

const EVENTS = 20;
/** Far less than the 15 s that one attempt of a hostile endpoint may take. */
const P99_MS = 10_000;

const HOSTILE: [string, RequestListener, string | null][] = [
  ['hangs', () => undefined, null],
  ['sends its answer byte by byte', (_, response) => void trickle(response), null],
  ['floods', (_, response) => void flood(response), 'DELIVERED'],
  ['answers 500', (_, response) => void response.writeHead(500).end('no'), 'PENDING'],
  ['answers 410', (_, response) => void response.writeHead(410).end(), 'FAILED'],
  ['answers 301', (_, response) => void response.writeHead(301, { location: 'http://127.0.0.1:1/' }).end(), 'PENDING'],
  ['resets the connection', (request) => void request.socket.resetAndDestroy(), 'PENDING'],
];

function flood(response: Parameters<RequestListener>[1]): void {
  response.writeHead(200);
  const write = (): void =>
    void (response.destroyed || response.write(Buffer.alloc(64 * 1024), () => setImmediate(write)));
  write();
}

function trickle(response: Parameters<RequestListener>[1]): void {
  response.writeHead(200, { 'content-length': 10_000 });
  const timer = setInterval(() => response.write('x'), 100);
  response.on('close', () => clearInterval(timer));
}

describe('hostile webhook endpoints', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start({
      config: { webhooks: { acceptHttp: true, allowedNetworks: ['127.0.0.0/8'], pollMs: 20 } },
    });
  });
  afterAll(() => api.stop());

  const test = (admin: GivenUser, id: string) =>
    api.query('mutation ($id: ID!) { testWebhookEndpoint(id: $id) { delivery { id } } }', {
      session: admin.session,
      variables: { id },
    });

  it.each(HOSTILE)(
    'an endpoint that %s delays neither its own tenant nor another one',
    async (fault, answer, outcome) => {
      const bad = await WebhookReceiver.start(answer);
      const arrivals = new Map<string, number>();
      const good = await WebhookReceiver.start((request, response) => {
        arrivals.set(String(request.headers['webhook-id']), performance.now());
        response.writeHead(204).end();
      });
      const admins = [await api.given.user(), await api.given.user()] as const;
      const hostile = await makeEndpoint(api, admins[0], { url: bad.url });
      const working = [];
      for (const admin of admins) working.push({ admin, id: (await makeEndpoint(api, admin, { url: good.url })).id });
      for (let n = 0; n < EVENTS; n++) await test(admins[0], hostile.id);
      await until('the hostile endpoint is at work', () => bad.received.length > 0);
      const asked = new Map<string, number>();
      for (let n = 0; n < EVENTS; n++)
        for (const { admin, id } of working)
          asked.set((await test(admin, id)).at('testWebhookEndpoint.delivery.id'), performance.now());
      await until('all deliveries of the others have arrived', () => arrivals.size === asked.size);
      const delays = [...asked].map(([id, at]) => (arrivals.get(id) ?? Infinity) - at).toSorted((a, b) => a - b);
      const p99 = delays[Math.floor(delays.length * 0.99)] ?? Infinity;
      expect(p99).toBeLessThan(P99_MS);
      if (process.env['KILL_ROUNDS']) process.stdout.write(`${fault}: p99 of the others ${Math.round(p99)} ms\n`);
      if (outcome !== null)
        await until('the outcome is stored', async () => {
          const shown = await deliveriesOf(api, admins[0], hostile.id);
          return shown.some(({ status, attempts }) => status === outcome && attempts > 0);
        });
      await api.database.sql('delete from webhook_endpoints where id = $1', [hostile.id]);
      await bad.stop();
      await good.stop();
    },
  );
});
