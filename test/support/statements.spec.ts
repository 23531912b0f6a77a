import { usePortal } from './hooks.js';
import type { TestPortal } from './test-portal.js';

const KEYS = '{ apiKeys { nodes { id } } }';
const READERS = 6;

describe('record of statements', () => {
  let api: TestPortal;

  usePortal((started) => (api = started));

  const connections = async () => {
    const rows = await api.database.sql('select pid from pg_stat_activity where datname = current_database()');
    return rows.length;
  };

  it('the record of statements leaves out what new connections are asked', async () => {
    const { session } = await api.given.admin(await api.given.tenant());
    const before = await connections();
    const statements = await api.sqlOf(() =>
      Promise.all(Array.from({ length: READERS }, () => api.query(KEYS, { session }))),
    );
    expect(await connections()).toBeGreaterThan(before);
    expect(statements.filter((sql) => sql.includes('from "api_keys"'))).toHaveLength(READERS);
    expect(statements.filter((sql) => /current_user as role|pg_postmaster_start_time/.test(sql))).toEqual([]);
  });
});
