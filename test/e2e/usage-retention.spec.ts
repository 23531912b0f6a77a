import { UsageRetention } from '#api-keys';
import { TestPortal } from '../support/test-portal.js';
import { databaseNow, flush, iso, QUIET, READ, sum, usedOf } from '../support/usage.js';
import { DAY_MS } from '../support/durations.js';

let api: TestPortal;
let second: TestPortal;

describe('retention of counts of use', () => {
  beforeAll(async () => {
    api = await TestPortal.start({ config: QUIET });
    second = await TestPortal.start({ database: api.database, config: QUIET });
  });
  afterAll(async () => {
    await second.stop();
    await api.stop();
  });

  it('the counts of a key have the same sum before and after hours become days, and end after two years', async () => {
    const key = await api.given.apiKey();
    const insert = `insert into api_key_usage_hours (api_key_id, tenant_id, hour, allowed, denied)
      select $1, $2, date_trunc('day', now(), 'UTC') - make_interval(days => d) + make_interval(hours => h), d, h
      from generate_series(38, 44) d, generate_series(0, 23) h`;
    await api.database.sql(insert, [key.id, key.tenant.id]);
    await api.database.sql(
      `insert into api_key_usage_days (api_key_id, tenant_id, day, allowed, denied)
       select $1, $2, (now() at time zone 'UTC')::date - interval '2 years' - make_interval(days => d), 7, 0
       from generate_series(0, 2) d`,
      [key.id, key.tenant.id],
    );
    const retention = [api, second].map(({ app }) => app.get(UsageRetention, { strict: false }));
    const today = Math.floor((await databaseNow(api)) / DAY_MS) * DAY_MS;
    const days = () => usedOf(api, key, { bucket: 'DAY', from: iso(today - 50 * DAY_MS), to: iso(today) });
    const before = (await days()).usage;
    expect(before.find(({ start }) => start === iso(today - 42 * DAY_MS))).toMatchObject({
      allowed: 42 * 24,
      denied: 276,
    });

    await Promise.all(retention.flatMap((instance) => [instance.run(), instance.run()]));
    expect((await days()).usage).toEqual(before);
    // An instance that could not write for long brings a count of an hour that has become part of its day.
    await api.database.sql(
      `insert into api_key_usage_hours values ($1, $3::timestamptz - interval '42 days', $2, 1, 1)`,
      [key.id, key.tenant.id, iso(today)],
    );
    const late = (await days()).usage;
    expect([sum(late, 'allowed'), sum(late, 'denied')]).toEqual([
      sum(before, 'allowed') + 1,
      sum(before, 'denied') + 1,
    ]);
    await retention[0]?.run();
    expect((await days()).usage).toEqual(late);

    const kept = await api.database.sql(
      `select (select count(*)::int from api_key_usage_hours where api_key_id = $1) as hours,
              (select count(*)::int from api_key_usage_days where api_key_id = $1 and day < now() - interval '1 year') as old`,
      [key.id],
    );
    expect(kept).toEqual([{ hours: 3 * 24, old: 1 }]);
  });

  it('only its tenant sees the counts of a key, and the counts are deleted with the key', async () => {
    const key = await api.given.apiKey();
    const other = await api.given.tenant();
    await api.query(READ, { key: key.secret });
    await flush(api);
    await api.database.sql(
      `insert into api_key_usage_days select api_key_id, current_date, tenant_id, 1, 0 from api_key_usage_hours where api_key_id = $1`,
      [key.id],
    );
    const rows = async (role: string, tenant: string | undefined) => {
      const counts = ['api_key_usage_hours', 'api_key_usage_days', 'api_key_scope_use'].map(async (table) => {
        const sql = `select count(*)::int as n from ${table} where api_key_id = $1`;
        return (await api.database.sqlAs<{ n: number }>(role, tenant, sql, [key.id]))[0]?.n;
      });
      return Promise.all(counts);
    };
    expect(await rows('portal_app', key.tenant.id)).toEqual([1, 1, 1]);
    expect(await rows('portal_app', other.id)).toEqual([0, 0, 0]);
    expect(await rows('portal_app', undefined)).toEqual([0, 0, 0]);
    const change = api.database.sqlAs('portal_app', key.tenant.id, 'delete from api_key_usage_hours');
    await expect(change).rejects.toThrow(/permission denied/);
    await api.database.sql('delete from api_keys where id = $1', [key.id]);
    expect(await rows('portal_jobs', undefined)).toEqual([0, 0, 0]);
  });
});
