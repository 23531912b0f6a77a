import { TestPortal } from '../support/test-portal.js';

const DEVICES = '{ devices { nodes { hostname } } }';

it('a page is read on while a migration adds and drops columns of its table', async () => {
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
