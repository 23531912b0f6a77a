import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { Watch } from '../support/watch.js';
import { usePortal } from '../support/hooks.js';

describe('expiry at use', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  it("a key in use is accepted until, and refused from, the instant it expires by the database's clock", async () => {
    const { id, secret, tenant } = await api.given.apiKey();
    await api.settled(tenant.id);
    const before = performance.now();
    const [row] = await api.database.sql<{ left: number }>(
      `update api_keys set expires_at = clock_timestamp() + interval '1200 ms' where id = $1
       returning extract(epoch from expires_at - clock_timestamp())::float8 * 1000 as left`,
      [id],
    );
    // The database's clock was read between these two instants of ours.
    const [earliest, latest] = [before + Number(row?.left), performance.now() + Number(row?.left)];
    const watch = new Watch(api, secret);
    await until('the key has expired', () => performance.now() > latest + 300, 10_000);
    const seen = await watch.stop();
    const accepted = seen.filter(({ status }) => status === 200);
    const refused = seen.filter(({ reason }) => reason === 'EXPIRED_KEY');
    expect(accepted.length * refused.length).toBeGreaterThan(0);
    expect(accepted.length + refused.length).toBe(seen.length);
    expect(Math.max(...accepted.map(({ begunAt }) => begunAt))).toBeLessThan(latest);
    expect(Math.min(...refused.map(({ endedAt }) => endedAt))).toBeGreaterThan(earliest);
  });

  it('an expired key is accepted again once its expiry is moved ahead', async () => {
    const { id, secret } = await api.given.apiKey();
    const expire = (when: string) => api.database.sql(`update api_keys set expires_at = ${when} where id = $1`, [id]);
    const reason = async () => (await api.query('{ viewer { kind } }', { key: secret })).reason;
    await expire('now()');
    await until('the key is refused', async () => (await reason()) === 'EXPIRED_KEY', 2_000);
    await expire(`now() + interval '1 hour'`);
    await until('the key is accepted', async () => (await reason()) === undefined, 2_000);
    await expire(`null`);
    await api.caughtUp();
    expect(await reason()).toBeUndefined();
  });
});
