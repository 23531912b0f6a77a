import { UseRecorder } from '#api-keys';
import type { GivenKey } from '../support/given.js';
import { askKeys, keyIn } from '../support/key-operations.js';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { databaseNow, flush, QUIET, READ, sum, times, usedOf, WRITE } from '../support/usage.js';
import { until } from '../support/until.js';

let api: TestPortal;
let second: TestPortal;
beforeAll(async () => {
  api = await TestPortal.start({ config: QUIET });
  second = await TestPortal.start({ config: QUIET, database: api.database });
});
afterAll(async () => {
  await second.stop();
  await api.stop();
});

const countsOf = async (key: GivenKey) => {
  const { usage, attemptsAfterRevocation } = await usedOf(api, key);
  return { allowed: sum(usage, 'allowed'), denied: sum(usage, 'denied'), attemptsAfterRevocation };
};
/** Leaves the table and its policies: without these, each request would be refused within a second. */
const withoutColumnOf = async (table: string, work: () => Promise<void>) => {
  await api.database.sql(`alter table ${table} rename column tenant_id to gone`);
  try {
    await work();
  } finally {
    await api.database.sql(`alter table ${table} rename column gone to tenant_id`);
  }
};
const recorderOf = (portal: TestPortal) => portal.app.get(UseRecorder, { strict: false });

describe('uses that cannot be written', () => {
  it.each(['api_key_scope_use', 'api_key_addresses', 'api_key_usage_hours'])(
    'uses that cannot be written for want of a column of %s wait, disturb no request, and are written once possible (F37)',
    async (table) => {
      const key = await api.given.apiKey();
      const dead = await api.given.apiKey();
      await api.database.sql('update api_keys set revoked_at = now() where id = $1', [dead.id]);
      await api.query(READ, { key: key.secret });
      await flush(api);
      const { failedFlushes } = recorderOf(api).state;

      await withoutColumnOf(table, async () => {
        await api.query(READ, { key: key.secret });
        expect(await flush(api)).toBe(false);
        expect((await api.query(READ, { key: key.secret })).status).toBe(200);
        expect((await api.query(WRITE, { key: key.secret })).code).toBe('NOT_FOUND');
        expect((await api.query(READ, { key: dead.secret })).reason).toBe('REVOKED_KEY');
        expect(await flush(api)).toBe(false);
      });
      const state = { waitingKeys: 2, failedFlushes: failedFlushes + 2, droppedRequests: 0 };
      expect(recorderOf(api).state).toMatchObject(state);
      // Nest's log is one for the process: that of the portal that started last.
      expect(second.log.filter((line) => line.includes('could not be written yet')).length).toBeGreaterThanOrEqual(2);
      expect(await flush(api)).toBe(true);
      expect(await countsOf(key)).toEqual({ allowed: 4, denied: 0, attemptsAfterRevocation: 0 });
      expect(await countsOf(dead)).toEqual({ allowed: 0, denied: 0, attemptsAfterRevocation: 1 });
      expect(recorderOf(api).state.waitingKeys).toBe(0);
    },
  );

  it('uses of a deleted key delay no other key', async () => {
    const gone = await api.given.apiKey();
    const key = await api.given.apiKey();
    for (const { secret } of [gone, key]) await api.query(READ, { key: secret });
    await api.database.sql('delete from api_keys where id = $1', [gone.id]);
    expect(await flush(api)).toBe(true);
    expect((await countsOf(key)).allowed).toBe(1);
  });
});

describe('uses of one key on two instances', () => {
  it('uses on two instances move the last use of a key forwards only, in whichever order they are written (F14)', async () => {
    const key = await api.given.apiKey();
    await api.query(READ, { key: key.secret });
    const between = await databaseNow(api);
    await second.query(READ, { key: key.secret });
    await flush(second);
    const { lastUsedAt } = await usedOf(api, key);
    expect(Date.parse(String(lastUsedAt))).toBeGreaterThanOrEqual(Math.floor(between));
    await api.database.sql('update api_keys set last_used_ip = $2, revoked_at = now() where id = $1', [
      key.id,
      'later',
    ]);
    await api.caughtUp();
    // Something else to write of the same key, so that the older use comes along with it.
    expect((await api.query(READ, { key: key.secret })).reason).toBe('REVOKED_KEY');
    await flush(api);
    expect(await usedOf(api, key)).toMatchObject({ lastUsedAt, lastUsedIp: 'later', attemptsAfterRevocation: 1 });
    expect((await countsOf(key)).allowed).toBe(2);
  });

  it("uses on two instances record the use of a rotation's old secret, though the new one was used later and is written first", async () => {
    const key = await api.given.apiKey();
    const { session } = key.admin;
    const rotated = await askKeys(api, 'rotateApiKey', { input: { id: key.id } }, { session });
    await api.query(READ, { key: key.secret });
    await second.query(READ, { key: rotated.at('rotateApiKey.secret') });
    await flush(second);
    const rotationShown = async () =>
      keyIn(await askKeys(api, 'apiKey', { id: key.id }, { session }), 'apiKey').rotation;
    expect(await rotationShown()).toMatchObject({ previousLastUsedAt: null, newFirstUsedAt: expect.any(String) });
    const { lastUsedAt } = await usedOf(api, key);
    await flush(api);
    expect(await rotationShown()).toMatchObject({ previousLastUsedAt: expect.any(String) });
    expect((await usedOf(api, key)).lastUsedAt).toBe(lastUsedAt);
  });

  it('uses on two instances add up when both write many keys at once, in opposite orders', async () => {
    const { id } = await api.given.apiKey();
    const keys = await api.database.sql<{ id: string }>(
      `insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash)
       select tenant_id, user_id, 'n', 'mktp_', md5(n::text) from api_keys, generate_series(1, 300) n where id = $1
       returning id`,
      [id],
    );
    const backwards = [...keys].reverse();
    const rounds = 8;
    for (let round = 0; round < rounds; round++) {
      for (const { id } of keys) recorderOf(api).allowed(id, '10.0.0.1', ['devices:read', 'devices:write'], 1);
      for (const { id } of backwards) recorderOf(second).allowed(id, '10.0.0.2', ['devices:write', 'devices:read'], 1);
      // Keys that the other instance is writing at the moment wait for the next flush.
      await Promise.all([api, second].map((portal) => until('all is written', () => flush(portal))));
    }
    const counts = await api.database.sql(
      `select sum(allowed)::int as allowed, count(distinct api_key_id)::int as keys
       from api_key_usage_hours where api_key_id = any($1)`,
      [keys.map((key) => key.id)],
    );
    expect(counts).toEqual([{ allowed: 2 * rounds * keys.length, keys: keys.length }]);
  });
});

describe('stop of an instance (F13)', () => {
  it('an instance that stops writes its uses, and closes its connections after that', async () => {
    const database = await TestDatabase.create();
    const stopping = await TestPortal.start({ config: QUIET, database });
    const key = await stopping.given.apiKey();
    await times(3, () => stopping.query(READ, { key: key.secret }));
    await stopping.stop();
    const allowed = await database.sql('select sum(allowed)::int as n from api_key_usage_hours where api_key_id = $1', [
      key.id,
    ]);
    expect(allowed).toEqual([{ n: 3 }]);
    expect(stopping.log.filter((line) => /could not be written|are lost/.test(line))).toEqual([]);
    const open = () =>
      database.sql(`select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`);
    // A backend ends a moment after its client.
    for (const deadline = Date.now() + 2_000; (await open()).length > 0 && Date.now() < deadline;);
    expect(await open()).toEqual([]);
    await database.drop();
  });

  it('an instance that stops beside a locked row writes all uses it can, and logs what is lost', async () => {
    const database = await TestDatabase.create();
    const stopping = await TestPortal.start({ config: QUIET, database });
    const [held, key] = await Promise.all([stopping.given.apiKey(), stopping.given.apiKey()]);
    for (const { secret } of [held, key]) await times(3, () => stopping.query(READ, { key: secret }));
    await database.holding(`select from api_keys where id = '${held.id}' for update`, () => stopping.stop());
    const written = await database.sql('select api_key_id as id, allowed::int from api_key_usage_hours');
    expect(written).toEqual([{ id: key.id, allowed: 3 }]);
    expect(stopping.log.join('')).toContain('The uses of 1 API keys, 3 requests, could not be written and are lost.');
    await database.drop();
  });
});
