import { randomBytes } from 'node:crypto';
import { askKeys } from '../support/key-operations.js';
import { TestPortal } from '../support/test-portal.js';
import { TraceReceiver } from '../support/trace-receiver.js';
import { until } from '../support/until.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { deliveriesOf, makeEndpoint } from '../support/webhooks.js';

describe('traces of webhooks', () => {
  it('a trace leads from the change to each attempt of its delivery, and names nothing of the endpoint', async () => {
    const traces = await TraceReceiver.start();
    const receiver = await WebhookReceiver.start((_, response) => response.writeHead(500).end());
    const api = await TestPortal.start({
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: traces.url },
      config: { webhooks: { acceptHttp: true, allowedNetworks: ['127.0.0.0/8'], pollMs: 20 } },
    });
    const { id, admin } = await api.given.apiKey();
    const endpoint = await makeEndpoint(api, admin, { url: `${receiver.url}/a-secret-path` });
    const traceId = randomBytes(16).toString('hex');
    const headers = { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` };
    await askKeys(api, 'suspendApiKey', { id }, { session: admin.session, headers });
    await until('the attempt is over', async () => {
      const [delivery] = await deliveriesOf(api, admin, endpoint.id);
      return delivery?.lastStatus === 500;
    });
    await api.stop();
    await receiver.stop();
    const spans = traces.spans.filter((span) => span.traceId === traceId);
    const request = spans.find(({ name }) => name === 'POST /graphql');
    const attempts = spans.filter(({ name }) => name === 'webhook attempt');
    expect(attempts).toEqual([
      expect.objectContaining({
        parentSpanId: request?.spanId,
        attributes: {
          'latchkey.webhook.kind': 'API_KEY_SUSPENDED',
          'latchkey.webhook.attempt': 1,
          'http.response.status_code': 500,
        },
      }),
    ]);
    for (const secret of ['a-secret-path', new URL(receiver.url).host]) expect(traces.text).not.toContain(secret);
    await traces.close();
  });
});
