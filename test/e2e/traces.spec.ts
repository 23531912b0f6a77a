import { randomBytes } from 'node:crypto';
import { SecretScan } from '../support/secret-scan.js';
import { TestPortal } from '../support/test-portal.js';
import { type ReceivedSpan, TraceReceiver } from '../support/trace-receiver.js';
import { unknownKey } from '../support/unknown-key.js';

const [SERVER, CLIENT] = [2, 3];
const FAILED = 2;
const SENT_BY_CLIENT = 'whatever-a-client-likes';
const CREATE = `mutation Named($input: CreateDeviceInput!) { createDevice(input: $input) { device { id } } }`;

/** One story: its requests are exported when the portal has stopped, and all spans are examined then. */
describe('traces', () => {
  let receiver: TraceReceiver;
  let asked: Awaited<ReturnType<typeof askEverything>>;
  beforeAll(async () => {
    receiver = await TraceReceiver.start();
    asked = await askEverything(receiver.url);
  });
  afterAll(() => receiver.close());

  const requestOf = (traceId: string): ReceivedSpan => {
    const spans = receiver.spans.filter((span) => span.traceId === traceId && span.kind === SERVER);
    expect(spans.length).toBe(1);
    return spans[0] as ReceivedSpan;
  };
  const child = (parent: ReceivedSpan, name: string) =>
    receiver.spans.find((span) => span.parentSpanId === parent.spanId && span.name === name) as ReceivedSpan;

  it('a trace shows a request from HTTP through verification to SQL', () => {
    const request = requestOf(asked.created);
    expect(request).toMatchObject({
      name: 'POST /graphql',
      parentSpanId: asked.parent,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
        'graphql.operation.type': 'mutation',
        'graphql.operation.name': 'Named',
      },
    });
    const verification = child(request, 'verify credential');
    const lookup = child(verification, 'SELECT verdict');
    expect([lookup.kind, lookup.attributes['db.system.name']]).toEqual([CLIENT, 'postgresql']);
    const statements = receiver
      .below(request)
      .filter((span) => span.parentSpanId === request.spanId && span.kind === CLIENT)
      .map(({ name }) => name.toUpperCase());
    expect([statements[0], statements.at(-1)]).toEqual(['BEGIN', 'COMMIT']);
    expect(statements).toContain('INSERT');
  });

  it('a trace shows no query for a verdict that is remembered', () => {
    const verification = child(requestOf(asked.remembered), 'verify credential');
    expect(receiver.below(verification)).toEqual([]);
  });

  it('a trace shows why a credential was refused, and does not call the refusal a failure', () => {
    const request = requestOf(asked.refused);
    const verification = child(request, 'verify credential');
    expect(verification.attributes['error.type']).toBe('INVALID_KEY');
    expect([verification.status ?? 0, request.status ?? 0]).not.toContain(FAILED);
    expect(request.attributes['http.response.status_code']).toBe(401);
  });

  it('a trace shows a statement that failed by its SQLSTATE', () => {
    const request = requestOf(asked.failed);
    const statement = receiver.below(request).find(({ status }) => status === FAILED);
    expect([statement?.attributes['error.type'], request.status]).toEqual(['23514', FAILED]);
  });

  it('a trace ignores a malformed traceparent, and baggage of any size', () => {
    const own = receiver.spans.filter(({ attributes }) => attributes['graphql.operation.name'] === 'Malformed');
    expect(own.map(({ parentSpanId }) => parentSpanId)).toEqual([undefined]);
  });

  it('a trace holds no value of a variable, header, path or name, and no message of the database', () => {
    expect(receiver.spans.length).toBeGreaterThan(20);
    expect(new SecretScan(asked.secrets).tracesIn(receiver.text)).toEqual([]);
    for (const value of asked.values) expect([value, receiver.text.includes(value)]).toEqual([value, false]);
  });
});

/** @returns the trace of each kind of request, and all that no trace may hold */
async function askEverything(endpoint: string) {
  const api = await TestPortal.start({
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, API_KEYS_CACHE_SIZE: '1000' },
  });
  const hex = (bytes: number) => randomBytes(bytes).toString('hex');
  const parent = hex(8);
  const traced = async (work: (headers: Record<string, string>) => Promise<unknown>) => {
    const traceId = hex(16);
    await work({ traceparent: `00-${traceId}-${parent}-01`, tracestate: `vendor=${SENT_BY_CLIENT}` });
    return traceId;
  };
  try {
    const key = await api.given.apiKey();
    const { secret, tenant } = key;
    await api.settled(tenant.id);
    const hostname = `sw-${hex(6)}`;
    const create = (headers: Record<string, string>) =>
      api.query(CREATE, { key: secret, headers, variables: { input: { hostname, ipAddress: '10.11.12.13' } } });
    const created = await traced(create);
    // What the database says of it quotes the whole row.
    await api.database.sql(`alter table devices add constraint none_more check (false) not valid`);
    const failed = await traced(create);
    await api.settled(tenant.id);
    await api.query('{ __typename }', { key: secret });
    const remembered = await traced((headers) => api.query('{ __typename }', { key: secret, headers }));
    const unknown = unknownKey();
    const refused = await traced((headers) => api.query('{ __typename }', { key: unknown, headers }));
    const baggage = `value=${'x'.repeat(5_000)}`;
    await api.query('query Malformed { __typename }', { headers: { traceparent: `00-${'z'.repeat(55)}`, baggage } });
    await api.query(`query ${secret} { ${secret}: __typename }`, { key: secret, headers: { 'x-request-id': secret } });
    await fetch(`${api.url}/${secret}?token=${secret}`, { headers: { 'user-agent': secret, cookie: secret } });
    const { password } = new URL(api.database.url);
    const values = [SENT_BY_CLIENT, hostname, '10.11.12.13', tenant.id, key.id, 'xxxxxxxxxx', password].filter(
      (value) => value !== '',
    );
    return { created, failed, remembered, refused, parent, secrets: [secret, unknown, key.admin.session], values };
  } finally {
    await api.stop();
  }
}
