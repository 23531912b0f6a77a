import type { IncomingMessage, ServerResponse } from 'node:http';
import { LIMITS } from '#kernel';
import { NAMES, useStreams } from '../support/event-stream.js';
import type { GivenUser } from '../support/given.js';
import { usePortal } from '../support/hooks.js';
import { Scrape } from '../support/prometheus.js';
import { operation, RawConnection, rawRequest } from '../support/raw-http.js';
import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

const LARGE = 'subscription { apiKeyEvents { apiKeyName changes } }';
/** Together more than the system keeps for a connection whose client does not read. */
const ROWS = 400;
const ROW_BYTES = 64_000;
const TIMES = { stallMs: 2_000, writeMs: 4_000 };

describe('bounds of streams', () => {
  let api: TestPortal;
  let admin: GivenUser;
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
  const openAny = useStreams();
  const open = (query = NAMES, headers = {}, user = admin) => openAny(api, query, { session: user.session, headers });
  const openCount = async () => (await Scrape.of(api)).value('latchkey_streams_open');
  const cutCount = async () => (await Scrape.of(api)).value('latchkey_streams_ended_total', { reason: 'slow' });

  it(`a principal has ${LIMITS.streams.perPrincipal} streams at most, and a closed one makes room`, async () => {
    const first = await open();
    for (let n = 1; n < LIMITS.streams.perPrincipal; n++) expect((await open()).status).toBe(200);
    const refused = await (await open()).ended();
    expect([refused.status, refused.answer.headers['content-type']]).toEqual([429, 'application/json; charset=utf-8']);
    expect(refused.raw).toContain('"code":"RATE_LIMITED","reason":"TOO_MANY_STREAMS"');
    expect(Number(refused.answer.headers['retry-after'])).toBeGreaterThan(0);
    // Another principal is not concerned, nor is another request of this one.
    const another = await api.given.user({ tenant: { id: admin.tenantId ?? '', name: '' } });
    expect((await open(NAMES, {}, another)).status).toBe(200);
    expect((await api.query('{ viewer { kind } }', { session: admin.session })).status).toBe(200);
    first.close();
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
    let isAnswered = false;
    // The system takes a small answer at once. The application reads that it still waits, as with a slow client.
    api.app.getHttpServer().once('request', ({ socket }: IncomingMessage, answer: ServerResponse) => {
      answer.once('finish', () => {
        Object.defineProperty(socket, 'writableLength', { value: 1 });
        isAnswered = true;
      });
    });
    connection.send(rawRequest({ headers, body: operation('{ viewer { kind } }') }));
    await until('the answer is written', () => isAnswered);
    connection.send(rawRequest({ headers: [...headers, 'accept: text/event-stream'], body: operation(NAMES) }));
    await until('the stream is open', async () => (await openCount()) === 1);
    const begunAt = performance.now();
    await until('the time of an answer is over', () => performance.now() - begunAt > TIMES.writeMs + 500);
    expect([connection.isClosed, await openCount()]).toEqual([false, 1]);
    connection.close();
    await until('the stream is closed', async () => (await openCount()) === 0);
  });

  it('a client that does not read is cut off at a bound of bytes, harms nobody else, and loses nothing', async () => {
    const fast = await open(LARGE);
    const slow = await RawConnection.open(api.url, { isReading: false });
    const bodies: ServerResponse[] = [];
    const note = (_: unknown, response: ServerResponse) => void bodies.push(response);
    api.app.getHttpServer().on('request', note);
    const headers = [`authorization: Bearer ${admin.session}`, 'accept: text/event-stream'];
    slow.send(rawRequest({ headers, body: operation(LARGE) }));
    await until('both streams are open', async () => (await openCount()) === 2);
    const begun = fast.lastId;
    const cutBefore = await cutCount();
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
    await until('the slow one is cut', async () => (await cutCount()) > cutBefore);
    clearInterval(watch);
    api.app.getHttpServer().off('request', note);
    expect(most).toBeLessThan(LIMITS.streams.unreadBytes + 2 * ROW_BYTES);
    expect(await openCount()).toBe(1);
    const again = await open(NAMES, { 'last-event-id': begun ?? '' });
    await again.received(ROWS);
    expect(again.events('apiKeyName')).toEqual(fast.events('apiKeyName'));
    slow.close();
  });
});
