import { setTimeout as wait } from 'node:timers/promises';
import type { Aftermath } from '../support/aftermath.js';
import type { GivenKey } from '../support/given.js';
import { operation, RawConnection, rawRequest, sendRaw } from '../support/raw-http.js';
import type { TestPortal } from '../support/test-portal.js';
import { watchPortal } from '../support/watched-portal.js';

const CREATE = 'mutation { createDevice(input: {hostname: "smuggled", ipAddress: "10.0.0.9"}) { device { id } } }';
const SMUGGLED = 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n';
/** A request that would be good, with these lines about its body and these bytes as its body. */
const framed = (lines: string[], body: string) => (key: GivenKey) =>
  Buffer.concat([
    rawRequest({ headers: [`authorization: Bearer ${key.secret}`, ...lines], without: ['content-length'] }),
    Buffer.from(body, 'latin1'),
  ]);
const bytes = (text: string) => () => Buffer.from(text, 'latin1');
/** A good request in chunks, the first of which begins so. */
const chunked = (start: string) =>
  framed(['transfer-encoding: chunked'], `${start}\r\n${operation(CREATE)}\r\n0\r\n\r\n`);
const size = operation(CREATE).length;
const TLS_HELLO = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + '\x00'.repeat(32);

type Row = [id: string, what: string, request: (key: GivenKey) => Uint8Array, status: number];
const ROWS: Row[] = [
  [
    'B1',
    'a length and chunks',
    framed([`content-length: ${size}`, 'transfer-encoding: chunked'], `0\r\n\r\n${SMUGGLED}`),
    400,
  ],
  [
    'B1',
    'chunks and a length',
    framed(['transfer-encoding: chunked', 'content-length: 4'], `0\r\n\r\n${SMUGGLED}`),
    400,
  ],
  ['B2', 'an unknown transfer encoding', framed(['transfer-encoding: xchunked'], operation(CREATE)), 400],
  ['B2', 'two equal lengths', framed([`content-length: ${size}`, `content-length: ${size}`], operation(CREATE)), 400],
  ['B2', 'two lengths', framed(['content-length: 5', `content-length: ${size}`], operation(CREATE)), 400],
  ...['-1', '+5', '0x10', '1e1', ''].map((length): Row => [
    'B2',
    `a length of ${JSON.stringify(length)}`,
    framed([`content-length: ${length}`], operation(CREATE)),
    400,
  ]),
  ['B3', 'a chunk of ZZ bytes', chunked('ZZ'), 400],
  ['B3', 'a chunk of 2^64 bytes', chunked('10000000000000000'), 400],
  ['B3', 'a chunk extension of 20 kB', chunked(`${size.toString(16)};x=${'y'.repeat(20_000)}`), 413],
  [
    'B3',
    'a chunk without an end of line',
    framed(['transfer-encoding: chunked'], `${size.toString(16)}\n${operation(CREATE)}`),
    400,
  ],
  ['B7', 'HTTP/3.7', bytes('GET /graphql HTTP/3.7\r\nhost: x\r\n\r\n'), 400],
  ['B7', 'a TLS hello', bytes(TLS_HELLO), 400],
  ['B7', 'a method in lower case', bytes('post /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n'), 400],
  ['B7', 'an unknown method', bytes('FETCH /graphql HTTP/1.1\r\nhost: x\r\n\r\n'), 400],
  ['B7', 'a bare LF', bytes('GET /health/live HTTP/1.1\nhost: x\n\n'), 400],
  ['B7', 'NUL bytes', bytes('\0'.repeat(100)), 400],
  ['B8', 'a target of 20 kB', bytes(`GET /graphql?${'x'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`), 431],
  ['B10', 'CONNECT', bytes('CONNECT /graphql HTTP/1.1\r\nhost: x\r\n\r\n'), 405],
];
const REPEATS = Number(process.env['BAD_REPEATS'] ?? 1);

describe('malformed HTTP requests', () => {
  let api: TestPortal;
  let key: GivenKey;
  let aftermath: Aftermath;
  watchPortal((watched) => ({ api, key, aftermath } = watched));

  it.each(ROWS)(
    '(%s) a malformed request with %s gets one answer, and the connection ends',
    async (_id, _what, request, status) => {
      const connection = await RawConnection.open(api.url);
      const answers = await aftermath.of(() => connection.send(request(key)).closed());
      expect(answers.map((answer) => [answer.status, answer.code])).toEqual([[status, 'BAD_REQUEST']]);
      expect(answers[0]?.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('(Z8) malformed requests leave no memory behind', () =>
    aftermath.ofRepeats(REPEATS, async () => {
      for (const [, , request] of ROWS) await sendRaw(api.url, request(key));
    }));

  it('(B10) a tunnel that is reset while or after it is refused is closed like any other', async () => {
    const tunnel = async () => {
      const connection = await RawConnection.open(api.url);
      await connection.sent(Buffer.from('CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n'));
      return connection;
    };
    for (let n = 0; n < 20; n++) {
      const connection = await tunnel();
      if (n % 2) await wait(n);
      connection.reset();
    }
    expect((await (await tunnel()).closed()).map(({ status }) => status)).toEqual([405]);
  });

  it('(B7) empty lines before a request are skipped, as no request has begun', async () => {
    const connection = await RawConnection.open(api.url);
    connection.send('\r\n'.repeat(10_000)).send(rawRequest({ method: 'GET', target: '/health/live' }));
    expect((await aftermath.of(() => connection.received(1))).map(({ status }) => status)).toEqual([200]);
    connection.close();
  });
});
