import { poolConfig, transactionSettings } from './pool-settings.js';

it('table names mean tables in public before any of the session, on a connection and behind a pooler in a transaction', () => {
  expect(transactionSettings('portal_app', true)).toMatchObject({ search_path: 'public,pg_temp' });
  const config = poolConfig({ url: 'postgresql://localhost', role: 'portal_verifier', max: 1 });
  expect(config.options).toContain('-c search_path=public,pg_temp');
});

it('table names mean tables in the schema that the application names, in the same places', () => {
  expect(transactionSettings('portal_app', true, 'latchkey')).toMatchObject({ search_path: 'latchkey,pg_temp' });
  const config = poolConfig({ url: 'postgresql://localhost', role: 'portal_verifier', max: 1, schema: 'latchkey' });
  expect(config.options).toContain('-c search_path=latchkey,pg_temp');
});
