import { setTimeout as wait } from 'node:timers/promises';
import { type Aftermath, isIdle } from '../support/aftermath.js';
import { CREATE_KEY, type GivenKey } from '../support/given.js';
import { operation, RawConnection, rawRequest } from '../support/raw-http.js';
import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { QUIET } from '../support/usage.js';
import { watchPortal } from '../support/watched-portal.js';

const RESETS = Number(process.env['CLIENT_RESETS'] ?? 40);
const IDLE = Number(process.env['IDLE_CONNECTIONS'] ?? 200);
/** Requests beside them. */
const GOOD = 100;
const TIMEOUTS = { headersTimeoutMs: 400, requestTimeoutMs: 800, keepAliveTimeoutMs: 300 };
/** A busy machine looks at its clock late; without a limit a client would never be refused. */
const LATE_MS = 15_000;
/** Between two bytes of a client that never ends. */
const DRIP_MS = 50;

describe('slow clients', () => {
  let api: TestPortal;
  let key: GivenKey;
  let aftermath: Aftermath;
  watchPortal((watched) => ({ api, key, aftermath } = watched), { timeouts: TIMEOUTS, config: QUIET });

  const authorization = () => `authorization: Bearer ${key.secret}`;
  const post = () => rawRequest({ headers: [authorization(), 'content-length: 500'] });
  /** Sends the rest byte by byte until the server has enough of it. @returns milliseconds */
  const drip = async (connection: RawConnection, bytes: string) => {
    const start = performance.now();
    for (let at = 0; !connection.isClosed && at < bytes.length; at++) {
      connection.send(bytes.charAt(at));
      await wait(DRIP_MS);
    }
    return performance.now() - start;
  };

  it.each([
    ['B4', 'sends 3 bytes of 500 and waits', post, '{"q', ''],
    ['B4', 'sends a body byte by byte', post, '', ' '.repeat(500)],
    [
      'B5',
      'sends headers byte by byte',
      () => Buffer.from('GET /health/live HTTP/1.1\r\nhost: x\r\n'),
      '',
      'x-'.repeat(500),
    ],
    ['B5', 'sends a request line byte by byte', () => Buffer.alloc(0), '', 'GET /'.padEnd(500, 'x')],
    ['B5', 'sends nothing', () => Buffer.alloc(0), '', ''],
  ])('(%s) a client that %s gets an error in time, and costs no statement', async (id, _what, head, start, rest) => {
    const limit = id === 'B4' ? TIMEOUTS.requestTimeoutMs : TIMEOUTS.headersTimeoutMs;
    const connection = await RawConnection.open(api.url);
    const begun = performance.now();
    const sql = await api.sqlOf(async () => {
      connection.send(head()).send(start);
      await drip(connection, rest);
      await connection.closed();
    });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(limit);
    expect(performance.now() - begun).toBeLessThan(limit + LATE_MS);
    expect(connection.answers.map(({ status, code }) => [status, code])).toEqual([[408, 'BAD_REQUEST']]);
    expect(sql).toEqual([]);
  });

  it(`a client is served beside ${IDLE} silent kept connections, which are closed in time (B42)`, async () => {
    const idle: RawConnection[] = [];
    const live = rawRequest({ method: 'GET', target: '/health/live' });
    for (let n = 0; n < IDLE; n++) idle.push((await RawConnection.open(api.url)).send(live));
    await Promise.all(idle.map((connection) => connection.received(1)));
    const asked: number[] = [];
    for (let n = 0; n < GOOD; n++) asked.push((await api.query('{ viewer { kind } }', { key: key.secret })).status);
    expect(asked.filter((status) => status !== 200)).toEqual([]);
    await Promise.all(idle.map((connection) => connection.closed()));
    expect(idle.filter(({ answers }) => answers[0]?.status !== 200)).toEqual([]);
  });

  it(`a client that resets its connection right after its request, ${RESETS} times, leaves a whole key or none (B43)`, async () => {
    const before = await api.given.apiKey();
    for (let n = 0; n < RESETS; n++) {
      const input = { name: `gone ${n}`, scopes: ['devices:read'] };
      const body = operation(CREATE_KEY, { input });
      const connection = await RawConnection.open(api.url);
      await connection.sent(rawRequest({ headers: [`authorization: Bearer ${before.admin.session}`], body }));
      await wait(n % 12);
      connection.reset();
    }
    const made = () =>
      api.database.sql<{ name: string; events: number }>(
        `select name, (select count(*)::int from api_key_events where api_key_id = k.id and kind = 'CREATED') as events
         from api_keys k where tenant_id = $1 and name like 'gone %'`,
        [before.tenant.id],
      );
    let idleLooks = 0;
    // Between two statements of one request no connection is at work.
    await until('no request is under way', async () => {
      idleLooks = (await isIdle(api.database)) ? idleLooks + 1 : 0;
      return idleLooks === 5;
    });
    const rows = await made();
    expect(rows.filter(({ events }) => events !== 1)).toEqual([]);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(0);
    await aftermath.keepRows();
  });
});
