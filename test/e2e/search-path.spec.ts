import { hash } from 'node:crypto';
import { TestDatabase } from '../support/test-database.js';
import { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';

const WHO = '{ viewer { kind } }';

describe('search path', () => {
  it.each(['database', 'login'])(
    'tables of the same names in a schema that comes first for the %s open no forged key, and lock out no good key',
    async (whose) => {
      const database = await TestDatabase.create();
      const makers = await TestPortal.start({ database });
      const { id, secret } = await makers.given.apiKey();
      await makers.stop();
      const forged = unknownKey();
      await database.sql('create schema other');
      await database.sql('create table other.api_keys (like public.api_keys including defaults)');
      await database.sql(
        `insert into other.api_keys select (jsonb_populate_record(null::other.api_keys,
         to_jsonb(api_keys) || jsonb_build_object('key_hash', $1::text))).* from public.api_keys where id = $2`,
        [hash('sha256', forged, 'hex'), id],
      );
      await database.sql('grant usage on schema other to public');
      await database.sql('grant select on other.api_keys to public');
      const login = `role portal in database ${database.name}`;
      const named = whose === 'login' ? login : `database ${database.name}`;
      await database.sql(`alter ${named} set search_path = other, public`);
      const api = await TestPortal.start({ database });
      try {
        expect((await api.query(WHO, { key: forged })).reason).toBe('INVALID_KEY');
        expect((await api.query(WHO, { key: secret })).status).toBe(200);
      } finally {
        await api.stop();
        await database.drop();
      }
    },
  );
});
