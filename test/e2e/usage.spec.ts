import type { TestPortal } from '../support/test-portal.js';
import { databaseNow, flush, iso, type Point, QUIET, READ, sum, times, usedOf, WRITE } from '../support/usage.js';
import { usePortal } from '../support/hooks.js';
import { until } from '../support/until.js';
import { DAY_MS, HOUR_MS } from '../support/durations.js';

const WRITES = /\b(insert into|update|delete from)\b/i;
const USAGE = `query ($id: ID!, $from: DateTime!, $to: DateTime!, $bucket: UsageBucket!) {
  apiKey(id: $id) { usage(from: $from, to: $to, bucket: $bucket) { start allowed denied } }
}`;

/** An instant goes to the database as an age, which grows while it is on its way; much longer than that takes. */
const SENDING_MS = 400;

let api: TestPortal;

describe('uses of a key', () => {
  usePortal((started) => (api = started), { config: QUIET });

  it('a use keeps its instant while the transaction that writes it waits', async () => {
    const key = await api.given.apiKey({ scopes: ['devices:read'] });
    await api.query(READ, { key: key.secret });
    await flush(api);
    await api.query(READ, { key: key.secret });
    const after = await databaseNow(api);
    let flushing: Promise<boolean> | undefined;
    await api.database.holding('select from api_key_use_batches for update', async () => {
      flushing = flush(api);
      await api.database.someoneWaits();
      await until(
        'more time has passed than sending takes',
        async () => (await databaseNow(api)) > after + 2 * SENDING_MS,
      );
    });
    await flushing;
    await flush(api);
    expect(Date.parse(String((await usedOf(api, key)).lastUsedAt))).toBeLessThanOrEqual(after + SENDING_MS);
  });

  it('the uses of a key are in its fields once they are written: when, where from, how often, for what', async () => {
    const key = await api.given.apiKey({ scopes: ['devices:read', 'alerts:read'] });
    const unused = await usedOf(api, key);
    expect(unused).toMatchObject({ lastUsedAt: null, lastUsedIp: null, attemptsAfterRevocation: 0 });
    expect(unused.unusedScopes).toEqual(['devices:read', 'alerts:read']);

    const before = await databaseNow(api);
    await times(3, () => api.query(READ, { key: key.secret }));
    await times(2, () => api.query(WRITE, { key: key.secret }));
    const after = await databaseNow(api);
    expect(await flush(api)).toBe(true);

    const used = await usedOf(api, key);
    expect(Date.parse(String(used.lastUsedAt))).toBeGreaterThanOrEqual(Math.floor(before));
    expect(Date.parse(String(used.lastUsedAt))).toBeLessThanOrEqual(after + SENDING_MS);
    expect(used.lastUsedIp).toBe('127.0.0.1');
    expect([sum(used.usage, 'allowed'), sum(used.usage, 'denied')]).toEqual([3, 2]);
    expect(used.unusedScopes).toEqual(['alerts:read']);
    const since = { since: iso(after + 1_000) };
    expect((await usedOf(api, key, since)).unusedScopes).toEqual(['devices:read', 'alerts:read']);
  });

  it('the uses of a key are counted without gaps, in whole hours and days', async () => {
    const key = await api.given.apiKey();
    await api.query(READ, { key: key.secret });
    await flush(api);
    const now = Date.now();
    const ofHours = (await usedOf(api, key, { from: iso(now - 5 * HOUR_MS), to: iso(now + 1) })).usage;
    const first = Math.floor((now - 5 * HOUR_MS) / HOUR_MS) * HOUR_MS;
    expect(ofHours.map(({ start }) => start)).toEqual([0, 1, 2, 3, 4, 5].map((hour) => iso(first + hour * HOUR_MS)));
    const range = { id: key.id, from: iso(now - 2 * DAY_MS), to: iso(now + 1) };
    const ofDays = await api.query(USAGE, { session: key.admin.session, variables: { ...range, bucket: 'DAY' } });
    const points = ofDays.at<Point[]>('apiKey.usage');
    expect(points.map(({ start }) => Date.parse(start) % DAY_MS)).toEqual([0, 0, 0]);
    expect([sum(ofHours, 'allowed'), sum(points, 'allowed')]).toEqual([1, 1]);
  });

  it('the uses of a key are written by no statement during requests, and by one afterwards, however many uses there are', async () => {
    const keys = [await api.given.apiKey(), await api.given.apiKey(), await api.given.apiKey()];
    const [, revoked] = keys;
    await flush(api);
    await api.database.sql('update api_keys set revoked_at = now() where id = $1', [revoked?.id]);
    await api.caughtUp();
    const onTheWay = await api.sqlOf(async () => {
      for (const { secret } of keys) await times(20, () => api.query(READ, { key: secret }));
    });
    expect(onTheWay.filter((sql) => /from api_keys/.test(sql)).length).toBeGreaterThan(0);
    expect(onTheWay.filter((sql) => WRITES.test(sql))).toEqual([]);
    const afterwards = await api.sqlOf(() => flush(api));
    const written = afterwards.filter((sql) => WRITES.test(sql) && !sql.includes('api_key_use_batches'));
    expect(written).toHaveLength(1);
    expect(await api.sqlOf(() => flush(api))).toEqual([]);
  });

  it.each([
    ['revoked', 'REVOKED_KEY', 'update api_keys set revoked_at = now() where id = $1'],
    ['expired', 'EXPIRED_KEY', `update api_keys set expires_at = now() - interval '1 ms' where id = $1`],
    ['suspended', 'SUSPENDED_KEY', 'update api_keys set suspended_at = now() where id = $1'],
    [
      'its owner inactive',
      'OWNER_INACTIVE',
      'update users set is_active = false where id = (select user_id from api_keys where id = $1)',
    ],
    ['without the scope', 'MISSING_SCOPE', `update api_keys set scopes = '["alerts:read"]' where id = $1`],
  ])('the uses of a key do not include requests refused because the key is %s', async (_, reason, sql) => {
    const key = await api.given.apiKey();
    const row = 'select last_used_at, last_used_ip, version from api_keys where id = $1';
    const before = await api.database.sql(row, [key.id]);
    await api.database.sql(sql, [key.id]);
    expect((await api.query(READ, { key: key.secret })).reason).toBe(reason);
    expect(await flush(api)).toBe(true);
    expect(await api.database.sql(row, [key.id])).toEqual(before);
  });

  it('the uses of a key do not include an operation that the document does not have', async () => {
    const key = await api.given.apiKey();
    const answer = await api.query('query a { devices { nodes { id } } }', { key: key.secret, operationName: 'b' });
    expect(answer.code).toBe('OPERATION_RESOLUTION_FAILURE');
    expect(await api.sqlOf(() => flush(api))).toEqual([]);
  });

  it('the uses of a revoked key are counted as attempts', async () => {
    const key = await api.given.apiKey();
    const revoke = 'mutation ($id: ID!) { revokeApiKeys(input: { ids: [$id] }) { count } }';
    await api.query(revoke, { session: key.admin.session, variables: { id: key.id } });
    await times(2, () => api.query(READ, { key: key.secret }));
    await flush(api);
    await api.query(READ, { key: key.secret });
    await flush(api);
    const used = await usedOf(api, key);
    expect(used.attemptsAfterRevocation).toBe(3);
    expect(used.lastUsedAt).toBeNull();
    expect([sum(used.usage, 'allowed'), sum(used.usage, 'denied')]).toEqual([0, 0]);
  });

  it('only sessions of admins see the uses of a key', async () => {
    const key = await api.given.apiKey();
    const fields = `{ viewer { apiKey { attemptsAfterRevocation unusedScopes(since: "2030-01-01T00:00:00Z")
      usage(from: "2030-01-01T00:00:00Z", to: "2030-01-02T00:00:00Z") { allowed } } } }`;
    const answer = await api.query(fields, { key: key.secret });
    expect(answer.errors.map(({ extensions }) => extensions.reason)).toEqual(Array(3).fill('SESSION_REQUIRED'));
    const open = await api.query('{ viewer { apiKey { lastUsedAt lastUsedIp } } }', { key: key.secret });
    expect(open.data).toEqual({ viewer: { apiKey: { lastUsedAt: null, lastUsedIp: null } } });
  });

  it.each([
    ['empty', 'HOUR', 0, 0, 'to'],
    ['longer than 40 days of hours', 'HOUR', -40 * DAY_MS, HOUR_MS, 'from'],
    ['longer than two years of days', 'DAY', -1 * DAY_MS, 732 * DAY_MS, 'from'],
    ['of hours that are not kept', 'HOUR', -42 * DAY_MS, -41 * DAY_MS, 'from'],
  ])('the uses of a key are refused for a range that is %s', async (_, bucket, from, to, argument) => {
    const key = await api.given.apiKey();
    const now = Date.now();
    const variables = { id: key.id, bucket, from: iso(now + from), to: iso(now + to) };
    const answer = await api.query(USAGE, { session: key.admin.session, variables });
    expect(answer.problems).toEqual([expect.objectContaining({ path: [argument], code: 'OUT_OF_RANGE' })]);
  });

  it('the uses of a key count with their maximal size against the cost of an operation', async () => {
    const { session } = (await api.given.apiKey()).admin;
    const list = `query ($first: Int!, $from: DateTime!, $to: DateTime!, $bucket: UsageBucket!) { apiKeys(first: $first) {
      nodes { usage(from: $from, to: $to, bucket: $bucket) { allowed } } } }`;
    const ask = (first: number, hours: number, bucket: string) => {
      const now = Date.now();
      const variables = { first, bucket, from: iso(now - hours * HOUR_MS), to: iso(now) };
      return api.query(list, { session, variables });
    };
    expect((await ask(100, 48, 'HOUR')).code).toBeUndefined();
    expect((await ask(100, 720, 'DAY')).code).toBeUndefined();
    expect((await ask(100, 480, 'HOUR')).errors[0]?.extensions).toMatchObject({ reason: 'COST', actual: 100 * 482 });
    const literal = `{ apiKeys(first: 50) { nodes { usage(from: "2026-01-01T00:00:00Z", to: "2026-01-11T00:00:00Z",
      bucket: HOUR) { allowed } } } }`;
    expect((await api.query(literal, { session })).errors[0]?.extensions).toMatchObject({ actual: 50 * 242 });
  });

  it('the uses of a list of 50 keys cost as many statements as those of one key', async () => {
    const tenant = await api.given.tenant();
    const { session } = await api.given.admin(tenant);
    const list = `query ($from: DateTime!, $to: DateTime!) { apiKeys(first: 100) { nodes {
      attemptsAfterRevocation unusedScopes(since: $from) usage(from: $from, to: $to) { allowed }
    } } }`;
    const now = Date.now();
    const variables = { from: iso(now - 7 * DAY_MS), to: iso(now) };
    const statements = async (keys: number) => {
      let found: unknown[] = [];
      const sql = await api.sqlOf(async () => {
        found = (await api.query(list, { session, variables })).at<unknown[]>('apiKeys.nodes');
      });
      expect(found).toHaveLength(keys);
      return sql;
    };
    const { id } = await api.given.apiKey({ tenant });
    const forOne = await statements(1);
    await api.database.sql(
      `insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash)
       select tenant_id, user_id, 'n', 'mktp_', md5(n::text) from api_keys, generate_series(2, 50) n where id = $1`,
      [id],
    );
    expect(await statements(50)).toHaveLength(forOne.length);
    expect(forOne.filter((sql) => /api_key_usage_hours/.test(sql))).toHaveLength(1);
    expect(forOne.filter((sql) => /api_key_scope_use/.test(sql))).toHaveLength(1);
  });
});
