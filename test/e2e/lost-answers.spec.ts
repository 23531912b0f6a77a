import { setTimeout as wait } from 'node:timers/promises';
import type { Aftermath } from '../support/aftermath.js';
import type { GivenKey } from '../support/given.js';
import { operation, RawConnection, type RawRequest, rawRequest } from '../support/raw-http.js';
import type { TestPortal } from '../support/test-portal.js';
import { watchPortal } from '../support/watched-portal.js';
import { CREATE_KEY } from '../support/given.js';

const LIVE = rawRequest({ method: 'GET', target: '/health/live' });
const TIMES = Number(process.env['BAD_REPEATS'] ?? 10);

describe('lost answers', () => {
  let api: TestPortal;
  let key: GivenKey;
  let aftermath: Aftermath;
  watchPortal((watched) => ({ api, key, aftermath } = watched), {
    timeouts: { headersTimeoutMs: 400, requestTimeoutMs: 800, keepAliveTimeoutMs: 300 },
  });

  const creation = (name: string, ...headers: string[]) =>
    rawRequest({
      headers: [`authorization: Bearer ${key.admin.session}`, ...headers],
      body: operation(CREATE_KEY, { input: { name, scopes: ['devices:read'] } }),
    });

  it.each([
    ['a stray byte', [], 'x'],
    ['an empty line and a stray byte', [], '\r\nx'],
    ['a header that is too large', [], `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`],
    ['a request after "Connection: close"', ['connection: close'], LIVE.toString()],
    ['the start of a request that never ends', [], 'POST /graphql HTTP/1.1\r\n'],
    ['a body that is none', [], 'POST /graphql HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n'],
  ])('the answer of a mutation goes out before the connection closes for %s', async (what, headers, rest) => {
    const connection = await RawConnection.open(api.url);
    connection.send(Buffer.concat([creation(what, ...headers), Buffer.from(rest)]));
    const [first] = await connection.closed();
    expect(first?.status).toBe(200);
    const secret = first?.at<string>('createApiKey.secret') ?? '';
    aftermath.secrets.add(secret);
    expect((await api.query('{ viewer { kind } }', { key: secret })).status).toBe(200);
    await aftermath.keepRows();
  });

  it('an answer reaches a client that has ended its own side', async () => {
    const connection = await RawConnection.open(api.url);
    connection.send(creation('half closed')).end();
    const [first] = await connection.closed();
    expect(first?.status).toBe(200);
    aftermath.secrets.add(first?.at<string>('createApiKey.secret') ?? '');
    await aftermath.keepRows();
  });

  /** One of ten pieces of a body that is whole and good in itself. */
  const pieceOf = (bytes: number, index: number) =>
    (index === 0 ? operation('{ __typename }') : '').padEnd(bytes / 10, ' ');
  const REFUSED: [what: string, request: RawRequest, bytes: number, status: number][] = [
    ['a length beyond the limit', {}, 300_000, 413],
    ['a length far beyond the limit', {}, 3_000_000, 413],
    ['chunks beyond the limit', { headers: ['transfer-encoding: chunked'], without: ['content-length'] }, 300_000, 413],
    ['a compressed body', { headers: ['content-encoding: gzip'] }, 90_000, 415],
    ['a charset', { headers: ['content-type: application/json; charset=utf-16'] }, 90_000, 415],
    ['an unknown type', { headers: ['content-type: application/xml'] }, 90_000, 415],
    ['a form', { headers: ['content-type: text/plain'] }, 90_000, 400],
    ['two hosts', { headers: ['host: a', 'host: b'] }, 90_000, 400],
    ['two types', { headers: ['content-type: application/json', 'content-type: text/plain'] }, 90_000, 400],
    ['a path that is unreadable', { target: '/%E0%A4%A' }, 90_000, 400],
    ['a path that there is not', { target: '/nope' }, 90_000, 404],
    ['a method that there is not', { method: 'PUT' }, 90_000, 405],
  ];
  it.each(REFUSED)('an answer reaches a client that still sends a body: %s', async (_what, request, bytes, status) => {
    const statuses: (number | undefined)[] = [];
    for (let n = 0; n < TIMES; n++) {
      const connection = await RawConnection.open(api.url);
      const isChunked = request.headers?.includes('transfer-encoding: chunked');
      const head = rawRequest({
        ...request,
        headers: [...(request.headers ?? []), ...(isChunked ? [] : [`content-length: ${bytes}`])],
      });
      connection.send(head);
      for (let index = 0; index < 10; index++) {
        const piece = pieceOf(bytes, index);
        connection.send(isChunked ? `${piece.length.toString(16)}\r\n${piece}\r\n` : piece);
        await wait(1);
      }
      // The answer is read only when all is sent, as many clients do.
      statuses.push((await connection.received(1))[0]?.status);
      connection.close();
    }
    expect(statuses).toEqual(Array(TIMES).fill(status));
  });

  it('an answer to an unread body ends its connection, and a client that sends on is cut off', async () => {
    const connection = await RawConnection.open(api.url);
    connection.send(rawRequest({ headers: ['content-encoding: gzip', 'content-length: 90000'] }));
    const [first] = await connection.closed();
    expect([first?.status, first?.headers.get('connection')]).toEqual([415, 'close']);
  });
});
