import type { RequestListener } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { createKey, type GivenUser } from '../support/given.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { idOf, type Received, typeOf, WebhookReceiver } from '../support/webhook-receiver.js';
import { deliveriesOf, type GivenEndpoint, makeEndpoint } from '../support/webhooks.js';

const SENDING = { config: { webhooks: { acceptHttp: true, allowedNetworks: ['127.0.0.0/8'], pollMs: 20 } } };
const ROTATE = `mutation ($id: ID!) { rotateWebhookSecret(id: $id) { secret } }`;

describe('deliveries of webhooks', () => {
  let api: TestPortal;
  let second: TestPortal;
  const receivers: WebhookReceiver[] = [];
  beforeAll(async () => {
    api = await TestPortal.start(SENDING);
    second = await TestPortal.start({ ...SENDING, database: api.database });
  });
  afterAll(async () => {
    await second.stop();
    await api.stop();
    for (const receiver of receivers) await receiver.stop();
  });

  const receive = async (answer?: RequestListener): Promise<WebhookReceiver> => {
    const receiver = await WebhookReceiver.start(answer);
    receivers.push(receiver);
    return receiver;
  };
  const ask = (admin: GivenUser, query: string, variables: Record<string, unknown> = {}) =>
    api.query(query, { session: admin.session, variables });
  const suspend = (admin: GivenUser, id: string) =>
    ask(admin, 'mutation ($id: ID!) { suspendApiKey(id: $id) { apiKey { id } } }', { id });
  const resume = (admin: GivenUser, id: string) =>
    ask(admin, 'mutation ($id: ID!) { resumeApiKey(id: $id) { apiKey { id } } }', { id });
  const isVerified = ({ secret }: Pick<GivenEndpoint, 'secret'>, { headers, body }: Received): boolean => {
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };
  const arrived = (receiver: WebhookReceiver, count: number) =>
    until(`${count} deliveries have arrived`, () => receiver.received.length >= count);
  const settled = (admin: GivenUser, id: string, statuses: string[]) =>
    until('the deliveries are over', async () => {
      const shown = (await deliveriesOf(api, admin, id)).map(({ status, attempts }) => `${status} ${attempts}`);
      return shown.join() === statuses.join();
    });

  it('each change of a key arrives once over two instances, in order, signed, and without a secret', async () => {
    const receiver = await receive();
    const { tenant, admin, ...key } = await api.given.apiKey();
    const endpoint = await makeEndpoint(api, admin, { url: receiver.url });
    await suspend(admin, key.id);
    await resume(admin, key.id);
    const rotate = 'mutation ($id: ID!) { rotateApiKey(input: { id: $id }) { secret } }';
    const secret = (await ask(admin, rotate, { id: key.id })).at<string>('rotateApiKey.secret');
    await api.query('{ viewer { kind } }', { key: secret });
    await ask(admin, 'mutation ($id: ID!) { revokeApiKeys(input: { ids: [$id] }) { count } }', { id: key.id });
    const types = ['suspended', 'resumed', 'rotated', 'rotation_adopted', 'revoked'].map((kind) => `api_key.${kind}`);
    await settled(
      admin,
      endpoint.id,
      types.map(() => 'DELIVERED 1'),
    );

    expect(receiver.received.map(typeOf)).toEqual(types);
    expect(new Set(receiver.received.map(idOf)).size).toBe(types.length);
    for (const received of receiver.received) {
      expect(isVerified(endpoint, received)).toBe(true);
      expect(isVerified({ secret: `whsec_${Buffer.alloc(32).toString('base64')}` }, received)).toBe(false);
      expect(JSON.parse(received.body)).toMatchObject({ data: { tenantId: tenant.id, apiKeyId: key.id } });
      expect(received.body.length).toBeLessThan(20_000);
      for (const one of [secret, key.secret]) expect(received.body).not.toContain(one.slice(0, 12));
    }
  });

  it('an endpoint gets its own kinds of its own tenant, and a change that is undone is not reported', async () => {
    const receiver = await receive();
    const { admin, ...key } = await api.given.apiKey();
    const endpoint = await makeEndpoint(api, admin, {
      url: receiver.url,
      kinds: ['API_KEY_CREATED', 'API_KEY_RESUMED'],
    });
    const beside = 'usage(from: "2030-01-02T00:00:00Z", to: "2030-01-01T00:00:00Z") { start }';
    const undone = await ask(admin, createKey(beside), { input: { name: 'undone', scopes: ['devices:read'] } });
    expect(undone.code).toBe('BAD_USER_INPUT');
    await api.given.apiKey();
    await suspend(admin, key.id);
    await resume(admin, key.id);
    await settled(admin, endpoint.id, ['DELIVERED 1']);
    expect(receiver.received.map(typeOf)).toEqual(['api_key.resumed']);
  });

  it('two secrets sign during the overlap of a rotation', async () => {
    const receiver = await receive();
    const { admin, ...key } = await api.given.apiKey();
    const endpoint = await makeEndpoint(api, admin, { url: receiver.url });
    const secret = (await ask(admin, ROTATE, { id: endpoint.id })).at<string>('rotateWebhookSecret.secret');
    await suspend(admin, key.id);
    await arrived(receiver, 1);
    const [received] = receiver.received;
    expect(received && [endpoint, { secret }].map((one) => isVerified(one, received))).toEqual([true, true]);
  });

  it.each<[string, RequestListener, string]>([
    ['answers 500', (_, response) => response.writeHead(500).end('a secret of theirs'), 'answered 500'],
    [
      'redirects',
      ({ headers }, response) => response.writeHead(301, { location: `http://${headers.host}/` }).end(),
      'answered 301; redirects are not followed',
    ],
    ['closes the connection', (request) => request.socket.destroy(), 'the connection was closed before the answer'],
  ])('an endpoint that %s is tried again later, and holds nobody else back', async (_, answer, fault) => {
    const [bad, good] = [await receive(answer), await receive()];
    const { admin, ...key } = await api.given.apiKey();
    const failing = await makeEndpoint(api, admin, { url: bad.url });
    const working = await makeEndpoint(api, admin, { url: good.url });
    await suspend(admin, key.id);
    await settled(admin, working.id, ['DELIVERED 1']);
    const first = async () => (await deliveriesOf(api, admin, failing.id))[0];
    await until('the outcome is known', async () => (await first())?.lastError === fault);
    expect((await first())?.status).toBe('PENDING');
  });

  it('an endpoint that hangs or floods holds nobody else back', async () => {
    const flood = await receive((_, response) => {
      response.writeHead(200);
      const write = (): void =>
        void (response.destroyed || response.write(Buffer.alloc(64 * 1024), () => setImmediate(write)));
      write();
    });
    const [hung, good] = [await receive(() => undefined), await receive()];
    const { admin, ...key } = await api.given.apiKey();
    await makeEndpoint(api, admin, { url: hung.url });
    const flooding = await makeEndpoint(api, admin, { url: flood.url });
    const working = await makeEndpoint(api, admin, { url: good.url });
    await suspend(admin, key.id);
    await arrived(hung, 1);
    await resume(admin, key.id);
    await settled(admin, working.id, ['DELIVERED 1', 'DELIVERED 1']);
    await settled(admin, flooding.id, ['DELIVERED 1', 'DELIVERED 1']);
    // Of one key, the second event waits for the first.
    expect(hung.received).toHaveLength(1);
  });

  it('an answer of 410, and the last of ten failures, disable the endpoint; a replay is sent under the old id', async () => {
    const gone = await receive((_, response) => response.writeHead(410).end());
    const failing: WebhookReceiver = await receive((_, response) =>
      response.writeHead(failing.received.length > 1 ? 204 : 500).end(),
    );
    const { admin, ...key } = await api.given.apiKey();
    const [one, other] = [
      await makeEndpoint(api, admin, { url: gone.url }),
      await makeEndpoint(api, admin, { url: failing.url, kinds: ['API_KEY_LEAK_REPORTED'] }),
    ];
    await suspend(admin, key.id);
    await settled(admin, one.id, ['FAILED 1']);
    const pending = `insert into webhook_deliveries (tenant_id, endpoint_id, kind, payload, attempts)
      values ($1, $2, 'API_KEY_LEAK_REPORTED', '{"type": "api_key.leak_reported"}', 9)`;
    await api.database.sql(pending, [admin.tenantId, other.id]);
    await settled(admin, other.id, ['FAILED 10']);
    const endpoints = await ask(admin, '{ webhookEndpoints { isEnabled disabledReason } }');
    expect(endpoints.at('webhookEndpoints')).toEqual([
      { isEnabled: false, disabledReason: 'GONE' },
      { isEnabled: false, disabledReason: 'FAILING' },
    ]);

    const replay = `mutation ($id: ID!) { replayWebhookDeliveries(input: { endpointId: $id, failedSince: "2020-01-01T00:00:00Z" }) { count } }`;
    await ask(admin, replay, { id: other.id });
    const enable = `mutation ($id: ID!) { updateWebhookEndpoint(input: { id: $id, isEnabled: true }) { webhookEndpoint { disabledReason } } }`;
    expect(
      (await ask(admin, enable, { id: other.id })).at('updateWebhookEndpoint.webhookEndpoint.disabledReason'),
    ).toBeNull();
    await settled(admin, other.id, ['DELIVERED 1']);
    expect(new Set(failing.received.map(idOf)).size).toBe(1);
  });

  it('a delivery that a killed process had claimed is sent again once the claim has ended', async () => {
    const receiver = await receive();
    const admin = await api.given.user();
    const { id } = await makeEndpoint(api, admin, { url: receiver.url });
    await api.database.sql(
      `insert into webhook_deliveries (tenant_id, endpoint_id, kind, payload, attempts, claimed_until)
       select $1, $2, 'API_KEY_REVOKED', '{"type": "api_key.revoked"}', 1, until
       from (values (now() - interval '1 second'), (now() + interval '1 hour')) as claims (until)`,
      [admin.tenantId, id],
    );
    await arrived(receiver, 1);
    await until('the ended claim is delivered', async () =>
      (await deliveriesOf(api, admin, id)).some(({ status, attempts }) => status === 'DELIVERED' && attempts === 2),
    );
    expect(receiver.received).toHaveLength(1);
  });

  it('a portal that stops gives back the attempts that are under way', async () => {
    const receiver = await receive(() => undefined);
    const database = await TestDatabase.create();
    const stopping = await TestPortal.start({ ...SENDING, database });
    const { admin, id: keyId } = await stopping.given.apiKey();
    await makeEndpoint(stopping, admin, { url: receiver.url });
    const suspended = 'mutation ($id: ID!) { suspendApiKey(id: $id) { apiKey { id } } }';
    await stopping.query(suspended, { session: admin.session, variables: { id: keyId } });
    await arrived(receiver, 1);
    const claims = () =>
      database.sql('select claimed_until is not null as "isClaimed", attempts from webhook_deliveries');
    expect(await claims()).toEqual([{ isClaimed: true, attempts: 1 }]);
    await stopping.stop();
    expect(await claims()).toEqual([{ isClaimed: false, attempts: 0 }]);
    await database.drop();
  });
});
