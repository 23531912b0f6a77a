import { gzipSync } from 'node:zlib';
import type { Aftermath } from '../support/aftermath.js';
import type { Answer } from '../support/answer.js';
import type { GivenKey } from '../support/given.js';
import { BODY_ROWS, DEVICES } from '../support/http-body-rows.js';
import { operation, RawConnection, type RawRequest, rawRequest, sendRaw } from '../support/raw-http.js';
import type { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { watchPortal } from '../support/watched-portal.js';

const DATA = '{"data":{"devices":{"nodes":[{"hostname":"sw-1"}]}}}\n';
const REPEATS = Number(process.env['BAD_REPEATS'] ?? 1);

describe('bodies', () => {
  let api: TestPortal;
  let key: GivenKey;
  let aftermath: Aftermath;
  watchPortal((watched) => ({ api, key, aftermath } = watched));

  const withKey = ({ headers = [], ...request }: RawRequest) =>
    rawRequest({ ...request, headers: [`authorization: Bearer ${key.secret}`, ...headers] });

  it.each(BODY_ROWS)('(%s) a body gets its outcome: %s', async (_id, _what, request, outcome) => {
    const answer = await aftermath.of(() => sendRaw(api.url, withKey(request)));
    if (!answer) throw new Error('There was no answer.');
    expect(`${answer.status} ${answer.code ?? ''}`.trim()).toBe(outcome);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    if (outcome === '200') expect(answer.text).toBe(DATA);
    else expect(answer.body).not.toHaveProperty('data');
  });

  it('(Z8) bodies of any kind leave no memory behind', () =>
    aftermath.ofRepeats(REPEATS, async () => {
      for (const [, , request] of BODY_ROWS) await sendRaw(api.url, withKey(request));
    }));

  it('(B25) a compressed body is refused, and the answer names the accepted encoding', async () => {
    const request = withKey({ headers: ['content-encoding: gzip'], body: gzipSync(operation(DEVICES)) });
    const answer = await aftermath.of(() => sendRaw(api.url, request));
    expect(answer?.headers.get('accept-encoding')).toBe('identity');
  });

  const [JSON_ALONE, OR_A_FORM] = ['application/json', 'application/json or application/x-www-form-urlencoded'];
  it.each([
    ['/graphql', 'text/plain', '400', JSON_ALONE],
    ['/graphql', 'application/xml', '415', JSON_ALONE],
    ['/keys/verify', 'text/plain', '400', OR_A_FORM],
    ['/keys/verify', 'application/xml', '415', OR_A_FORM],
    ['/nowhere', 'application/xml', '404', ''],
  ])(
    'a body for %s of the type %s is %s, and the answer names the accepted types',
    async (target, type, status, types) => {
      const request = withKey({ target, headers: [`content-type: ${type}`], body: 'token=x' });
      const answer = await aftermath.of(() => sendRaw(api.url, request));
      if (!answer) throw new Error('There was no answer.');
      const { errors, detail } = answer.body as { errors?: Error[]; detail?: string };
      const message = types === '' ? 'Not Found' : `The body must be ${types}.`;
      expect([answer.status, errors?.[0]?.message ?? detail]).toEqual([Number(status), message]);
    },
  );

  it.each([
    ['a length', (size: number) => `content-length: ${size}`, (piece: Buffer) => piece],
    [
      'chunks',
      () => 'transfer-encoding: chunked',
      (piece: Buffer) => Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]),
    ],
  ])('(B27) a body of 60 MB in %s is refused, and is not read to its end', async (_, header, framed) => {
    const size = 60 * 1024 * 1024;
    const piece = Buffer.alloc(256 * 1024, ' ');
    const connection = await RawConnection.open(api.url);
    const answers = await aftermath.of(async (): Promise<Answer[]> => {
      connection.send(withKey({ headers: [header(size)], without: ['content-length'] }));
      let sent = 0;
      while (sent < size && (await connection.sent(framed(piece)))) sent += piece.length;
      expect(sent).toBeLessThan(size / 2);
      return connection.closed();
    });
    expect(answers.map(({ status, code }) => [status, code])).toEqual([[413, 'BAD_REQUEST']]);
  });

  it.each([
    ['a public field first', '{ __typename }', DEVICES],
    ['a public field last', DEVICES, '{ __typename }'],
  ])('(B32) a body with two queries is judged by the one that runs: %s', async (_, first, last) => {
    const body = `{"query":${JSON.stringify(first)},"query":${JSON.stringify(last)}}`;
    const answer = await aftermath.of(() => sendRaw(api.url, rawRequest({ body })));
    expect(answer?.status).toBe(last === DEVICES ? 401 : 200);
  });

  it('(B38) a body that names a persisted document is refused to a bad key like any other', async () => {
    const body = JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } });
    const request = rawRequest({ headers: [`authorization: Bearer ${unknownKey()}`], body });
    expect((await aftermath.of(() => sendRaw(api.url, request)))?.reason).toBe('INVALID_KEY');
  });
});
