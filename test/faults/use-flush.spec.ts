import { UseRecorder } from '#api-keys';
import { type ProxiedPortal, startProxied, stopProxied } from '../support/faults/proxied-portal.js';
import type { GivenKey } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { flush, QUIET, READ, sum, times, usedOf } from '../support/usage.js';

const recorderOf = (portal: TestPortal) => portal.app.get(UseRecorder, { strict: false });

describe('flush of uses beside a locked row', () => {
  const HOLD = 'select from api_keys where id = ';
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start({ config: QUIET });
  });
  afterAll(() => api.stop());

  const countOf = async (key: GivenKey) => sum((await usedOf(api, key)).usage, 'allowed');

  it('a flush writes the uses of all other keys at once and those of a locked key later, and counts none twice', async () => {
    const [held, key] = await Promise.all([api.given.apiKey(), api.given.apiKey()]);
    for (const { secret } of [held, key]) await api.query(READ, { key: secret });
    await api.database.holding(`${HOLD}'${held.id}' for update`, async () => {
      const startedAt = performance.now();
      const statements = await api.sqlOf(async () => expect(await flush(api)).toBe(false));
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      // A flush that waited for the lock would write anew, in parts.
      expect(statements.filter((statement) => statement.includes('for no key update'))).toHaveLength(1);
      expect(await countOf(key)).toBe(1);
      await api.query(READ, { key: key.secret });
      expect(await flush(api)).toBe(false);
      expect(await countOf(key)).toBe(2);
      expect(recorderOf(api).state.waitingKeys).toBe(1);
    });
    expect(await flush(api)).toBe(true);
    expect(await countOf(held)).toBe(1);
    expect(await countOf(key)).toBe(2);
  });

  it.each([
    ['held for long', 'lock'],
    ['refused by the table', 'check'],
  ])('a flush writes the uses of all keys but the one whose counts are %s', async (_, fault) => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => api.given.apiKey()));
    const [bad, ...good] = keys;
    if (!bad) throw new Error('no key');
    const use = async () => {
      for (const { secret } of keys) await api.query(READ, { key: secret });
    };
    await use();
    expect(await flush(api)).toBe(true);
    await use();
    const hour = `api_key_usage_hours where api_key_id = '${bad.id}'`;
    const flushed = async () => {
      expect(await flush(api)).toBe(false);
      for (const key of good) expect(await countOf(key)).toBe(2);
      expect(recorderOf(api).state.waitingKeys).toBe(1);
    };
    if (fault === 'lock') await api.database.holding(`select from ${hour} for update`, flushed);
    else {
      const most = `api_key_id <> '${bad.id}' or allowed < 2`;
      await api.database.sql(`alter table api_key_usage_hours add constraint most check (${most})`);
      await flushed();
      await api.database.sql('alter table api_key_usage_hours drop constraint most');
    }
    expect(await flush(api)).toBe(true);
    for (const key of keys) expect(await countOf(key)).toBe(2);
  });
});

describe('lost answer to the COMMIT of a flush', () => {
  let proxied: ProxiedPortal;
  beforeAll(async () => {
    proxied = await startProxied({ config: QUIET });
  });
  afterAll(() => stopProxied(proxied));

  it.each([
    ['was done', true],
    ['was not', false],
  ])('a flush whose COMMIT gets no answer leaves every use counted once, when the COMMIT %s', async (_, isDone) => {
    const { api: portal, pool } = proxied;
    const key = await portal.given.apiKey();
    await times(100, () => portal.query(READ, { key: key.secret }));
    const written = async () => {
      const [row] = await portal.database.sql<{ n: number }>(
        'select coalesce(sum(allowed), 0)::int as n from api_key_usage_hours where api_key_id = $1',
        [key.id],
      );
      return row?.n;
    };
    let isMet = false;
    pool.meet('api_key_scope_use', () => {
      pool.meet('commit\0', (connection) => {
        pool.meetNothing();
        isMet = true;
        if (isDone) pool.hold('answers');
        else connection.reset();
      });
    });
    const flushing = flush(portal);
    await until('the flush commits', () => isMet);
    if (isDone) {
      await until('the uses are written', async () => (await written()) === 100);
      pool.reset();
      pool.pass();
    }
    expect(await flushing).toBe(false);
    expect(recorderOf(portal).state.waitingKeys).toBe(1);
    await portal.query(READ, { key: key.secret });
    await until('all is written', () => flush(portal));
    expect(await written()).toBe(101);
    expect(recorderOf(portal).state.waitingKeys).toBe(0);
  });
});
