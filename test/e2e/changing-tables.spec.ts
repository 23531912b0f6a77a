import { TestPortal } from '../support/test-portal.js';

const DEVICES = '{ devices { nodes { hostname } } }';

it('a page is read without an error while a migration adds and drops columns of its table', async () => {
  const api = await TestPortal.start();
  try {
    const { tenant, secret } = await api.given.apiKey();
    await api.given.device({ tenant, hostname: 'sw' });
    const read = async () => (await api.query(DEVICES, { key: secret })).data;
    const page = await read();
    await api.database.sql('alter table devices add column further text');
    expect(await read()).toEqual(page);
    await api.database.sql('alter table devices drop column further');
    expect([await read(), await read()]).toEqual([page, page]);
  } finally {
    await api.stop();
  }
});

it('a key is looked up without an error while a migration changes the type of a column', async () => {
  // Nothing is remembered: each request looks its key up, by a statement that is prepared.
  const api = await TestPortal.start({ environment: { API_KEYS_CACHE_SIZE: '0' } });
  try {
    const { secret } = await api.given.apiKey();
    const statuses = () =>
      Promise.all(
        Array.from({ length: 8 }, async () => (await api.query('{ viewer { kind } }', { key: secret })).status),
      );
    expect(new Set(await statuses())).toEqual(new Set([200]));
    for (const type of ['bigint', 'integer']) {
      await api.database.sql(`alter table api_keys alter column rate_limit type ${type}`);
      expect(new Set(await statuses())).toEqual(new Set([200]));
    }
  } finally {
    await api.stop();
  }
});
