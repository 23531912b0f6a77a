import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';
import { until } from '../support/until.js';

/** More deaths than the pool has connections: a leak of one each would leave none. */
const DEATHS = 12;

describe('dead backend', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  it('a backend that dies in the middle of a transaction costs one request a 503, and the pool no connection (F3)', async () => {
    const { secret, tenant } = await api.given.apiKey();
    const ask = (query: string) => api.query(query, { key: secret });
    for (let death = 0; death < DEATHS; death++) {
      await api.database.holding('lock table devices in access exclusive mode', async () => {
        const waiting = ask(
          `mutation { createDevice(input: { hostname: "d${death}", ipAddress: "::1" }) { device { id } } }`,
        );
        await api.database.endBackendThatWaits();
        const answer = await waiting;
        expect([answer.status, answer.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
      });
    }
    expect((await ask('{ devices { totalCount } }')).at('devices.totalCount')).toBe(0);
    expect(await api.database.sql('select from devices where tenant_id = $1', [tenant.id])).toEqual([]);
    const idle = `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
    // A check of the process itself may be between two statements; PostgreSQL would end a lost session only after 5 s.
    await until('no session is idle in a transaction', async () => (await api.database.sql(idle)).length === 0, 4_000);
  });
});
