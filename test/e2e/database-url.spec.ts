import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';

describe('URL of the database', () => {
  it('the URL of the database means the same to every connection, including its query parameters', async () => {
    const database = await TestDatabase.create();
    const url = new URL(database.url);
    const { hostname, port } = url;
    Object.assign(url, { hostname: 'nowhere.invalid', port: '1', search: `?host=${hostname}&port=${port}` });
    const api = await TestPortal.start({ database, through: { pool: url.href, listen: url.href } });
    const { secret, admin } = await api.given.apiKey();
    expect((await api.query('{ devices { totalCount } }', { key: secret })).at('devices.totalCount')).toBe(0);
    expect((await api.query('{ apiKeys { totalCount } }', { session: admin.session })).at('apiKeys.totalCount')).toBe(
      1,
    );
    await api.stop();
    await database.drop();
  });
});
