import type { Server } from 'node:http';
import type { Aftermath } from '../support/aftermath.js';
import type { GivenKey } from '../support/given.js';
import { operation, RawConnection, type RawRequest, rawRequest, sendRaw } from '../support/raw-http.js';
import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { watchPortal } from '../support/watched-portal.js';

const DEVICES = '{ devices { nodes { hostname } } }';
const CREATE = 'mutation { createDevice(input: {hostname: "never", ipAddress: "10.0.0.9"}) { device { id } } }';
const DATA = '{"data":{"devices":{"nodes":[{"hostname":"sw-1"}]}}}\n';

describe('connections', () => {
  let api: TestPortal;
  let key: GivenKey;
  let aftermath: Aftermath;
  watchPortal((watched) => ({ api, key, aftermath } = watched));

  const withKey = ({ headers = [], ...request }: RawRequest) =>
    rawRequest({ ...request, headers: [`authorization: Bearer ${key.secret}`, ...headers] });

  it('a request has 10 s for its headers and 15 s in all, and its connection is kept for 72 s afterwards', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout } = api.app.getHttpServer() as Server;
    expect([headersTimeout, requestTimeout, keepAliveTimeout]).toEqual([10_000, 15_000, 72_000]);
  });

  it('(B11) a HEAD request runs nothing', async () => {
    for (const query of [DEVICES, CREATE]) {
      const headers = { authorization: `Bearer ${key.secret}`, 'apollo-require-preflight': '1' };
      const response = await fetch(`${api.url}/graphql?query=${encodeURIComponent(query)}`, {
        method: 'HEAD',
        headers,
      });
      expect([response.status, await response.text()]).toEqual([405, '']);
    }
  });

  it('(B13) Node refuses a request with an unknown expectation', async () => {
    const request = withKey({ headers: ['expect: 200-ok'], body: operation(CREATE) });
    expect((await aftermath.of(() => sendRaw(api.url, request)))?.status).toBe(417);
  });

  it('(B13) a request that waits for 100 Continue gets it, and is answered', async () => {
    const request = withKey({ headers: ['expect: 100-continue'], body: operation(DEVICES) });
    expect((await aftermath.of(() => sendRaw(api.url, request)))?.text).toBe(DATA);
  });

  it.each(['websocket', 'h2c'])(
    '(B14) a request to switch to %s is refused, and the connection stays HTTP',
    async (protocol) => {
      const connection = await RawConnection.open(api.url);
      const handshake = ['connection: Upgrade, HTTP2-Settings', `upgrade: ${protocol}`, 'http2-settings: AAMAAABkAAQ'];
      const websocket = ['sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=='];
      connection.send(withKey({ method: 'GET', headers: [...handshake, ...websocket], without: ['content-type'] }));
      expect((await aftermath.of(() => connection.received(1))).map(({ status }) => status)).toEqual([400]);
      connection.send(withKey({ body: operation(DEVICES) }));
      expect((await aftermath.of(() => connection.received(2)))[1]?.text).toBe(DATA);
      connection.close();
    },
  );

  it('(B15) a pipelined request is answered in its turn, by its own credential', async () => {
    const connection = await RawConnection.open(api.url);
    const [good, bad] = [key.secret, 'mktp_garbage'].map((secret) =>
      rawRequest({ headers: [`authorization: Bearer ${secret}`], body: operation(DEVICES) }),
    ) as [Buffer, Buffer];
    connection.send(Buffer.concat([good, bad, good]));
    const answers = await aftermath.of(() => connection.received(3));
    expect(answers.map(({ status, reason }) => [status, reason])).toEqual([
      [200, undefined],
      [401, 'INVALID_KEY'],
      [200, undefined],
    ]);
    connection.close();
  });

  it.each(['/graphql/', '/GRAPHQL', '/graphql/x', '/./graphql', '/%67raphql', '/graphql?x', '/graphql?'])(
    '(B16) a request for %s without a credential gets no data',
    async (target) => {
      const answer = await aftermath.of(() => sendRaw(api.url, rawRequest({ target, body: operation(DEVICES) })));
      expect([401, 404]).toContain(answer?.status);
      expect(answer?.body).not.toHaveProperty('data');
    },
  );

  it('(B17) the answer to a request for an unknown path does not repeat the path', async () => {
    const target = `/nope?x=${key.secret}&y=<b>`;
    const answer = await aftermath.of(() => sendRaw(api.url, rawRequest({ target, method: 'GET' })));
    expect(answer?.body).toEqual({ errors: [{ message: 'Not Found', extensions: { code: 'NOT_FOUND' } }] });
  });

  it('(B39) the address of a request is that of its connection, whatever X-Forwarded-For claims', async () => {
    const report = 'mutation { reportLeakedApiKey(key: "garbage") { accepted } }';
    const statuses = [];
    for (let n = 1; n <= 21; n++) {
      const chain = [`192.0.2.${n}`, ...Array<string>(1_000).fill('198.51.100.7')].join();
      const request = rawRequest({ headers: [`x-forwarded-for: ${chain}`], body: operation(report) });
      statuses.push((await aftermath.of(() => sendRaw(api.url, request)))?.status);
    }
    expect(statuses).toEqual([...Array<number>(20).fill(200), 429]);
  });

  it.each([
    ['an encoded end of line', 'a%0d%0ab: c'],
    ['65 characters', 'x'.repeat(65)],
    ['10 kB', 'x'.repeat(10_000)],
    ['bytes beyond ASCII', '\x80\xff'],
    ['nothing', ''],
    ['a space', 'a b'],
    ['two', 'a, b'],
    ['JSON', '{"a":1}'],
  ])('(B40) a request whose id is %s gets another id, and one line in the log', async (_, id) => {
    const before = api.log.length;
    const request = withKey({ headers: [`x-request-id: ${id}`], body: operation(DEVICES) });
    const given = (await aftermath.of(() => sendRaw(api.url, request)))?.headers.get('x-request-id');
    expect(given).toMatch(/^[0-9a-f-]{36}$/);
    await until('the request is logged', () => api.log.length > before);
    const lines = api.log.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ reqId, msg }) => [reqId, msg])).toEqual([[given, 'request']]);
  });

  it('(B40) a request with an id that no header may hold is no HTTP request', async () => {
    const request = withKey({ headers: ['x-request-id: \x1b[31m'], body: operation(CREATE) });
    expect((await aftermath.of(() => sendRaw(api.url, request)))?.status).toBe(400);
  });
});
