import type { Socket } from 'node:net';
import { operation, RawConnection, rawRequest } from '../support/raw-http.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

const ROWS = 100;
/** Some 32 MB. */
const LARGE = `{ ${['a', 'b', 'c', 'd', 'e'].map((alias) => `${alias}: configBackups(first: 100) { nodes { content } }`).join(' ')} }`;
const CLIENTS = 8;
/** Long enough that a busy machine makes all answers before the first one is given up. */
const TIMES = { stallMs: 6_000, writeMs: 12_000 };

describe('unread answers', () => {
  let api: TestPortal;
  let secret: string;
  beforeAll(async () => {
    api = await TestPortal.start({ answerTimes: TIMES });
    const key = await api.given.apiKey({ scopes: ['config:read', 'devices:read'] });
    ({ secret } = key);
    const device = await api.given.device({ tenant: key.tenant });
    await api.database.sql(
      `insert into config_backups (tenant_id, device_id, trigger, sha256, size_bytes, content)
       select $1, $2, 'MANUAL', repeat('a', 64), 64000, repeat('x', 64000) from generate_series(1, ${ROWS})`,
      [key.tenant.id, device.id],
    );
  });
  afterAll(() => api.stop());

  /** Sends, and takes nothing of what comes back. */
  const ask = async (request: Buffer): Promise<RawConnection> =>
    (await RawConnection.open(api.url, { isReading: false })).send(request);
  const large = () => rawRequest({ headers: [`authorization: Bearer ${secret}`], body: operation(LARGE) });
  const statuses = () => api.log.flatMap((line) => (/"path":"\/graphql","status":(\d+)/.exec(line) ?? []).slice(1));
  /** The portal's ends of the connections that are made while `work` runs. */
  const accepted = async (work: () => Promise<unknown>): Promise<Socket[]> => {
    const ends: Socket[] = [];
    const note = (socket: Socket) => void ends.push(socket);
    api.app.getHttpServer().on('connection', note);
    await work();
    api.app.getHttpServer().off('connection', note);
    return ends;
  };
  const closed = (ends: Socket[]) => ends.filter(({ destroyed }) => destroyed).length;

  it('clients that do not read get no more answers than their share, hold them for a bounded time, and keep nobody else waiting', async () => {
    const asked = performance.now();
    const clients: RawConnection[] = [];
    const ends = await accepted(async () => {
      clients.push(...(await Promise.all(Array.from({ length: CLIENTS }, () => ask(large())))));
      await until(
        'those beyond the share are refused',
        () => statuses().filter((status) => status === '503').length >= CLIENTS - 2,
      );
    });
    expect((await api.query('{ viewer { kind } }', { key: secret })).status).toBe(200);
    await until('the connections of the others are closed', () => closed(ends) >= 2);
    expect(performance.now() - asked).toBeGreaterThan(TIMES.stallMs);
    for (const client of clients) client.close();
    const again = await api.query(LARGE, { key: secret });
    expect([again.status, again.text.length > 30_000_000]).toEqual([200, true]);
  });

  it('a client that does not read is cut off without a credential, too, however many answers it asks for at once', async () => {
    const metrics = rawRequest({ method: 'GET', target: '/metrics' });
    const clients: RawConnection[] = [];
    const ends = await accepted(async () => {
      for (let n = 0; n < 3; n++) clients.push(await ask(Buffer.concat(Array(1_000).fill(metrics))));
    });
    await until('every connection is closed', () => closed(ends) === 3, 60_000);
    for (const client of clients) client.close();
  });
});
