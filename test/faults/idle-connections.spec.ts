import { type ProxiedPortal, startProxied, stopProxied } from '../support/faults/proxied-portal.js';
import type { GivenKey } from '../support/given.js';
import { until } from '../support/until.js';

const ROUNDS = Number(process.env['IDLE_ROUNDS'] ?? 5);
const WHO = '{ viewer { kind } }';
const READ = '{ devices { totalCount } }';
const WRITE = `mutation ($name: String!) { createDevice(input: { hostname: $name, ipAddress: "::1" }) { device { id } } }`;
/** Remembers no verdict, so that each request looks one up. */
const FORGETFUL = { environment: { API_KEYS_CACHE_SIZE: '0' } };

describe('idle connections', () => {
  let proxied: ProxiedPortal;
  let key: GivenKey;
  let names = 0;
  beforeAll(async () => {
    proxied = await startProxied(FORGETFUL);
    key = await proxied.api.given.apiKey();
  });
  afterAll(() => stopProxied(proxied));
  const ask = async (query: string) => {
    const variables = query === WRITE ? { name: `idle-${++names}` } : {};
    return (await proxied.api.query(query, { key: key.secret, variables })).status;
  };
  /** Opens several connections of each pool. */
  const warm = () =>
    until('all is served', async () => {
      const all = await Promise.all([WHO, READ, WRITE, WHO, READ, WRITE].map(ask));
      return all.every((status) => status === 200);
    });

  it.each([
    ['a look-up', WHO],
    ['a read', READ],
    ['a change', WRITE],
  ])('idle connections that a firewall has forgotten cost %s no error', async (_, query) => {
    const statuses: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await warm();
      // As by a firewall that has forgotten them: each one is reset when it is used next.
      proxied.pool.forget();
      statuses.push(await ask(query));
    }
    expect(statuses).toEqual(statuses.map(() => 200));
  });

  it('idle connections that the server closes at the moment of a request cost the request no error', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await warm();
      const end = `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'latchkey portal%' and state = 'idle'`;
      const [statuses] = await Promise.all([
        Promise.all([WHO, READ, WHO, READ].map(ask)),
        proxied.api.database.sql(end),
      ]);
      expect(statuses).toEqual([200, 200, 200, 200]);
    }
  });
});
