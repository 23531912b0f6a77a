import { TestDatabase } from '../support/test-database.js';

describe('(T39) unique indexes', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await TestDatabase.create();
  });
  afterAll(() => database.drop());

  it('a unique index covers one tenant, so a refusal reveals nothing about other tenants; the listed indexes hold values that nobody can guess or ask for', async () => {
    const indexes = await database.sql<{ name: string }>(`
      select i.indexrelid::regclass::text as name from pg_index i
      join pg_attribute tenant on tenant.attrelid = i.indrelid and tenant.attname = 'tenant_id'
      where i.indisunique and not i.indisprimary and tenant.attnum <> all (i.indkey::int2[])
        and i.indrelid::regclass::text not like 'pg_%'
      order by 1`);
    expect(indexes.map(({ name }) => name)).toEqual([
      // A hash of 256 random bits.
      'api_keys_key_hash_unique',
      // People, whom only the command line makes: a session is found by its e-mail or subject before its tenant is known.
      'users_email_unique',
      'users_subject_unique',
    ]);
  });
});
