import type { ServerResponse } from 'node:http';
import { LIMITS } from '#kernel';
import { OpenedStream } from '../support/event-stream.js';
import type { GivenUser } from '../support/given.js';
import { usePortal } from '../support/hooks.js';
import { operation, RawConnection, rawRequest } from '../support/raw-http.js';
import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

const NAMES = 'subscription { apiKeyEvents { apiKeyName } }';
const LARGE = 'subscription { apiKeyEvents { apiKeyName changes } }';
/** Together more than the system keeps for a connection whose client does not read. */
const ROWS = 400;
const ROW_BYTES = 64_000;
const TIMES = { stallMs: 2_000, writeMs: 4_000 };

describe('bounds of streams', () => {
  let api: TestPortal;
  let admin: GivenUser;
  const opened: OpenedStream[] = [];
  usePortal(
    (started) => {
      api = started;
    },
    { answerTimes: TIMES },
  );
  beforeEach(async () => {
    await api.settled();
    admin = await api.given.user();
  });
  afterEach(() => {
    for (const stream of opened.splice(0)) stream.close();
  });

  const open = async (query = NAMES, headers = {}, user = admin) => {
    const stream = await OpenedStream.open(api, query, { session: user.session, headers });
    opened.push(stream);
    return stream;
  };
  const metric = async (name: string) => {
    const text = await (await fetch(`${api.url}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    );
  };

  it(`a principal has ${LIMITS.streams.perPrincipal} streams at most, and a closed one makes room`, async () => {
    for (let n = 0; n < LIMITS.streams.perPrincipal; n++) expect((await open()).status).toBe(200);
    const refused = await (await open()).ended();
    expect([refused.status, refused.answer.headers['content-type']]).toEqual([429, 'application/json; charset=utf-8']);
    expect(refused.raw).toContain('"code":"RATE_LIMITED","reason":"TOO_MANY_STREAMS"');
    expect(Number(refused.answer.headers['retry-after'])).toBeGreaterThan(0);
    // Another principal is not concerned, nor is another request of this one.
    expect(
      (await open(NAMES, {}, await api.given.user({ tenant: { id: admin.tenantId ?? '', name: '' } }))).status,
    ).toBe(200);
    expect((await api.query('{ viewer { kind } }', { session: admin.session })).status).toBe(200);
    opened[0]?.close();
    await until('there is room again', async () => (await open()).status === 200);
  });

  it('a refused subscription holds no place', async () => {
    for (let n = 0; n < LIMITS.streams.perPrincipal + 2; n++)
      expect((await (await open(NAMES, { 'last-event-id': 'nonsense' })).ended()).reason).toBe('BAD_USER_INPUT');
    expect((await open()).status).toBe(200);
  });

  it('a stream behind an answer that is still being read goes on beyond the time of an answer', async () => {
    const connection = await RawConnection.open(api.url);
    const headers = [`authorization: Bearer ${admin.session}`];
    const events = [...headers, 'accept: text/event-stream'];
    // Both at once: the answer waits in the connection when the stream begins.
    const first = rawRequest({ headers, body: operation('{ viewer { kind } }') });
    connection.send(Buffer.concat([first, rawRequest({ headers: events, body: operation(NAMES) })]));
    await until('the stream is open', async () => (await metric('latchkey_streams_open')) === 1);
    const begunAt = performance.now();
    await until('the time of an answer is over', () => performance.now() - begunAt > TIMES.writeMs + 500);
    expect([connection.isClosed, await metric('latchkey_streams_open')]).toEqual([false, 1]);
    connection.close();
    await until('the stream is closed', async () => (await metric('latchkey_streams_open')) === 0);
  });

  it('a client that does not read is cut off at a bound of bytes, harms nobody else, and loses nothing', async () => {
    const fast = await open(LARGE);
    const slow = await RawConnection.open(api.url, { isReading: false });
    const bodies: ServerResponse[] = [];
    const note = (_: unknown, response: ServerResponse) => void bodies.push(response);
    api.app.getHttpServer().on('request', note);
    const headers = [`authorization: Bearer ${admin.session}`, 'accept: text/event-stream'];
    slow.send(rawRequest({ headers, body: operation(LARGE) }));
    await until('both streams are open', async () => (await metric('latchkey_streams_open')) === 2);
    const begun = fast.lastId;
    const cutBefore = await metric('latchkey_streams_ended_total{reason="slow"}');
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, ...bodies.map(({ writableLength }) => writableLength));
    }, 5);
    await api.database.sql(
      `insert into api_key_events (tenant_id, kind, api_key_name, changes)
       select $1, 'UPDATED', n::text, jsonb_build_object('name', jsonb_build_object('old', repeat('x', ${ROW_BYTES}), 'new', n))
       from generate_series(1, ${ROWS}) as n`,
      [admin.tenantId],
    );
    await fast.received(ROWS);
    await until(
      'the slow one is cut',
      async () => (await metric('latchkey_streams_ended_total{reason="slow"}')) > cutBefore,
    );
    clearInterval(watch);
    api.app.getHttpServer().off('request', note);
    expect(most).toBeLessThan(LIMITS.streams.unreadBytes + 2 * ROW_BYTES);
    expect(await metric('latchkey_streams_open')).toBe(1);
    const again = await open(NAMES, { 'last-event-id': begun ?? '' });
    await again.received(ROWS);
    expect(again.events('apiKeyName')).toEqual(fast.events('apiKeyName'));
    slow.close();
  });
});
