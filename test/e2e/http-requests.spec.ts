import type { Aftermath } from '../support/aftermath.js';
import type { GivenKey } from '../support/given.js';
import { DATA, REQUEST_ROWS } from '../support/http-request-rows.js';
import { operation, RawConnection, type RawRequest, rawRequest, sendRaw } from '../support/raw-http.js';
import type { TestPortal } from '../support/test-portal.js';
import { watchPortal } from '../support/watched-portal.js';

describe('requests', () => {
  let api: TestPortal;
  let key: GivenKey;
  let aftermath: Aftermath;
  watchPortal((watched) => ({ api, key, aftermath } = watched));

  const withKey = ({ headers = [], ...request }: RawRequest) =>
    rawRequest({ ...request, headers: [`authorization: Bearer ${key.secret}`, ...headers] });
  const requestIds = /^[A-Za-z0-9._-]{1,64}$/;

  it.each(REQUEST_ROWS)('(%s) a request gets its outcome: %s', async (_id, _what, request, outcome, headers = {}) => {
    const answer = await aftermath.of(() => sendRaw(api.url, withKey(request)));
    if (!answer) throw new Error('There was no answer.');
    expect(`${answer.status} ${answer.code ?? ''}`.trim()).toBe(outcome);
    if (outcome === '200') expect(answer.text).toBe(DATA);
    expect(answer.headers.get('x-request-id')).toMatch(requestIds);
    for (const [name, pattern] of Object.entries(headers))
      if (pattern) expect(answer.headers.get(name)).toMatch(pattern);
      else expect(answer.headers.get(name)).toBeNull();
  });

  it.each(['/health/live', '/health/ready', '/metrics'])(
    'an HTTP/1.0 request without a host, as load balancers send, is answered by %s',
    async (target) => {
      const answer = await sendRaw(api.url, `GET ${target} HTTP/1.0\r\n\r\n`);
      expect(answer?.status).toBe(200);
    },
  );

  it('an HTTP/1.0 request with two hosts or a malformed host is refused', async () => {
    for (const hosts of ['host: a\r\nhost: b\r\n', 'host: a b\r\n'])
      expect((await sendRaw(api.url, `GET /health/live HTTP/1.0\r\n${hosts}\r\n`))?.status).toBe(400);
  });

  it('the answer to a chunked HTTP/1.0 request closes the connection', async () => {
    const body = operation('{ __typename }');
    const head = ['host: x', 'content-type: application/json', 'connection: keep-alive', 'transfer-encoding: chunked'];
    const connection = await RawConnection.open(api.url);
    connection.send(
      `POST /graphql HTTP/1.0\r\n${head.join('\r\n')}\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    const [answer] = await connection.closed();
    expect([answer?.status, answer?.headers.get('connection')]).toEqual([200, 'close']);
  });
});
