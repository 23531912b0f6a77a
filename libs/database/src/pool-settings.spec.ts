import { poolConfig, transactionSettings } from './pool-settings.js';

it('table names mean tables in public before any of the session, on a connection and behind a pooler in a transaction', () => {
  expect(transactionSettings('portal_app', true)).toMatchObject({ search_path: 'public,pg_temp' });
  const config = poolConfig({ url: 'postgresql://localhost', role: 'portal_verifier', max: 1 });
  expect(config.options).toContain('-c search_path=public,pg_temp');
});
