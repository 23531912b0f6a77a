import { createHash } from 'node:crypto';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { isObjectType } from 'graphql';
import type { GivenKey } from '../support/given.js';
import { askKeys } from '../support/key-operations.js';
import { SecretScan } from '../support/secret-scan.js';
import { TestPortal } from '../support/test-portal.js';

const KEYS = 50;
const SLOT = 'stored_secrets';
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');

describe('stored secrets', () => {
  let api: TestPortal;
  const keys: GivenKey[] = [];
  /** Every secret that was shown, the rotated ones too. */
  const secrets: string[] = [];
  let writtenFrom: string | undefined;
  beforeAll(async () => {
    api = await TestPortal.start();
    // Keeps the log from here on, whatever checkpoints the tests beside this one bring about.
    const [slot] = await api.database.sql<{ lsn: string }>(
      `select lsn::text from pg_create_physical_replication_slot('${SLOT}', true)`,
    );
    writtenFrom = slot?.lsn;
    const tenant = await api.given.tenant();
    for (let n = 0; n < KEYS; n++) keys.push(await api.given.apiKey({ tenant, metadata: { n } }));
    secrets.push(...keys.map(({ secret }) => secret));
    for (const { id, admin } of keys.slice(0, 5)) {
      const answer = await askKeys(api, 'rotateApiKey', { input: { id } }, { session: admin.session });
      secrets.push(answer.at('rotateApiKey.secret'));
    }
  });
  afterAll(async () => {
    await api.database.sql(`select pg_drop_replication_slot('${SLOT}')`);
    await api.stop();
  });

  it('(T1) the secrets of keys are in no row of any table, and each hash is stored once, in its own column', async () => {
    const tables = await api.database.sql<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c
       where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`,
    );
    expect(tables.length).toBeGreaterThan(10);
    const read = (columns: string) => tables.map(({ name }) => `select '${name}', ${columns} as text from ${name} t`);
    const texts = await api.database.sql<{ text: string }>(read('t::text').join(' union all '));
    const scan = new SecretScan(secrets);
    const found = texts.flatMap(({ text }) => scan.tracesIn(text)).map(({ piece }) => piece);
    expect(found.sort()).toEqual(secrets.map(hashOf).sort());

    const hashes = await api.database.sql<{ hash: string }>(
      'select key_hash as hash from api_keys union all select key_hash from api_key_former_secrets',
    );
    expect(hashes.map(({ hash }) => hash)).toEqual(expect.arrayContaining(secrets.map(hashOf)));
  });

  it('(T1) the secrets of keys are nowhere in the write-ahead log', async () => {
    const written = await writtenAhead();
    // The hashes were written: what is searched is the right place.
    for (const secret of secrets) expect(written.includes(hashOf(secret))).toBe(true);
    const isPiece = ({ piece }: { piece: string }) => piece.length < hashOf('').length;
    expect(new SecretScan(secrets).tracesIn(written.toString('latin1')).filter(isPiece)).toEqual([]);
  });

  it('(T26) the secrets of keys are shown by no field except in the answers that make them', () => {
    const { schema } = api.app.get(GraphQLSchemaHost, { strict: false });
    const shown = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
      .filter((field) => /secret|plaintext|hash|token|password/i.test(field));
    expect(shown.filter((field) => !/webhook/i.test(field)).sort()).toEqual([
      'CreateApiKeyPayload.secret',
      'RotateApiKeyPayload.secret',
    ]);
    expect(shown.filter((field) => /webhook.*\.secret$/i.test(field)).sort()).toEqual([
      'CreateWebhookEndpointPayload.secret',
      'RotateWebhookSecretPayload.secret',
    ]);
  });

  it('(T26) the secrets of keys are in no later answer or record of a key, by whichever way', async () => {
    const [key] = keys;
    const document = `query ($id: ID!) {
      a: apiKey(id: $id) { ...All } apiKeys(first: 100) { edges { cursor node { ...All } } }
      apiKeyEvents(first: 100) { edges { cursor node { kind changes } } }
    }
    fragment All on ApiKey { id name description keyPrefix status scopes metadata version createdBy { id name } owner { id } }`;
    const { text, data } = await api.query(document, { session: key?.admin.session, variables: { id: key?.id } });
    expect(data['a']).not.toBeNull();
    expect(new SecretScan(secrets).tracesIn(text)).toEqual([]);
  });

  /** The write-ahead log since `writtenFrom`, byte for byte. */
  async function writtenAhead(): Promise<Buffer> {
    const rows = await api.database.sql<{ bytes: Buffer }>(
      `with segment as (select setting::bigint as size from pg_settings where name = 'wal_segment_size'),
       place as (select generate_series(($1::pg_lsn - '0/0')::bigint / size, (pg_current_wal_lsn() - '0/0')::bigint / size) as n,
                        size from segment)
       select pg_read_binary_file('pg_wal/' || pg_walfile_name('0/0'::pg_lsn + n * size + 1)) as bytes from place order by n`,
      [writtenFrom],
    );
    return Buffer.concat(rows.map(({ bytes }) => bytes));
  }
});
