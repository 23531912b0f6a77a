import { useProxiedPortal } from '../support/hooks.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

/** A load balancer gives up soon after. */
const ANSWERED_MS = 2_000;

interface Health {
  status: string;
  details?: Record<string, { status: string; message?: string }>;
}

describe('health', () => {
  let api: TestPortal;
  let pool: TcpProxy;
  let listen: TcpProxy;
  useProxiedPortal((proxied) => ({ api, pool, listen } = proxied));
  beforeEach(() => api.settled());

  const ask = async (path: string) => {
    const begunAt = performance.now();
    const response = await fetch(`${api.url}/health/${path}`);
    const text = await response.text();
    const ms = performance.now() - begunAt;
    return { status: response.status, text, body: JSON.parse(text) as Health, ms };
  };
  const states = ({ details = {} }: Health) =>
    Object.fromEntries(Object.entries(details).map(([name, { status }]) => [name, status]));

  it('an instance is ready, with each check named, while the database answers and is migrated, and changes arrive', async () => {
    const { status, body } = await ask('ready');
    expect([status, body.status]).toEqual([200, 'ok']);
    expect(states(body)).toEqual({
      database: 'up',
      leadership: 'up',
      migrations: 'up',
      rowSecurity: 'up',
      changes: 'up',
    });
  });

  it('an instance is not ready while a migration of its build is missing', async () => {
    const [row] = await api.database.sql<{ name: string }>('delete from migrations where id = 1 returning name');
    const { status, body } = await ask('ready');
    await api.database.sql('insert into migrations (id, name) values (1, $1)', [row?.name]);
    expect([status, body.status]).toEqual([503, 'error']);
    expect(states(body)).toEqual({
      database: 'up',
      leadership: 'up',
      migrations: 'down',
      rowSecurity: 'up',
      changes: 'up',
    });
    expect(body.details?.['migrations']?.message).toBe('1 not applied');
  });

  it('an instance is ready beside migrations of a newer build, as during a rolling upgrade', async () => {
    await api.database.sql(`insert into migrations (name) values ('Migration29991231000000_of_a_newer_build')`);
    expect((await ask('ready')).status).toBe(200);
  });

  it('an instance is ready and degraded while changes do not arrive', async () => {
    listen.blackhole();
    await until('changes are in doubt', () => api.invalidations.state !== 'proven');
    const { status, body } = await ask('ready');
    listen.pass();
    expect([status, body.status]).toEqual([200, 'degraded']);
    expect(states(body)).toEqual({
      database: 'up',
      leadership: 'up',
      migrations: 'up',
      rowSecurity: 'up',
      changes: 'degraded',
    });
  });

  it.each<[string, (proxy: TcpProxy) => void | Promise<void>]>([
    ['hangs with its connections open', (proxy) => proxy.hold('answers')],
    ['takes no new connections', (proxy) => (proxy.blackhole(), proxy.reset())],
  ])(
    `an instance is not ready, answers so within ${ANSWERED_MS} ms, and recovers, when the database %s`,
    async (_, fault) => {
      await fault(pool);
      const { status, text, body, ms } = await ask('ready');
      expect([status, body.status]).toEqual([503, 'error']);
      expect(states(body)).toMatchObject({ database: 'down', migrations: 'down' });
      expect(ms).toBeLessThan(ANSWERED_MS);
      for (const secret of secretsOf(pool.url)) expect(text).not.toContain(secret);
      pool.pass();
      pool.reset();
      await until('the instance is ready again', async () => (await ask('ready')).status === 200);
    },
  );

  it('an instance is live, whatever is away: a database that is down is no reason to restart', async () => {
    pool.hold('answers');
    const { status, body } = await ask('live');
    pool.pass();
    expect([status, body]).toEqual([200, { status: 'ok' }]);
  });
});

/** The parts of a URL that no answer may show. */
function secretsOf(url: string): string[] {
  const { hostname, port, password, pathname } = new URL(url);
  return [hostname, port, password, pathname.slice(1)].filter((part) => part !== '');
}
