import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { crc32 } from 'node:zlib';
import type { GivenKey } from '../support/given.js';
import { TestPortal } from '../support/test-portal.js';

const DEVICES = '{ devices { nodes { hostname } } }';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A key of the right shape and checksum that nobody made. */
function unknownKey(): string {
  const body = `mktp_${'7'.repeat(43)}`;
  let rest = crc32(body);
  let checksum = '';
  for (let i = 0; i < 6; i++) {
    checksum = ALPHABET.charAt(rest % 62) + checksum;
    rest = Math.floor(rest / 62);
  }
  return body + checksum;
}

describe('a request', () => {
  let api: TestPortal;
  let key: GivenKey;
  beforeAll(async () => {
    api = await TestPortal.start();
    key = await api.given.apiKey({ scopes: ['devices:read'] });
    await api.given.device({ tenant: key.tenant, hostname: 'sw-1' });
  });
  afterAll(() => api.stop());

  /** Sent as bytes, because `fetch` refuses or joins what we want to send. */
  const raw = (headers: string[], path = '/graphql'): Promise<string> => {
    const { hostname, port } = new URL(api.url);
    const body = JSON.stringify({ query: DEVICES });
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n` +
            'accept: application/graphql-response+json\r\n' +
            `${headers.map((header) => `${header}\r\n`).join('')}content-length: ${body.length}\r\n\r\n${body}`,
          'latin1',
        );
      });
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('end', () => resolve(Buffer.concat(chunks).toString()));
      socket.on('error', reject);
    });
  };

  it('without a credential is told which it needs', async () => {
    const answer = await api.query(DEVICES);
    expect([answer.status, answer.code, answer.reason]).toEqual([401, 'UNAUTHENTICATED', 'MISSING_CREDENTIAL']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="portal"');
    expect(answer.body).not.toHaveProperty('data');
  });

  it('without a credential may ask what is public', async () => {
    expect((await api.query('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });

  it.each([
    ['Bearer', (secret: string) => ({ authorization: `Bearer ${secret}` })],
    ['bearer in lower case', (secret: string) => ({ authorization: `bearer ${secret}` })],
    ['BEARER and more spaces', (secret: string) => ({ authorization: `BEARER   ${secret}` })],
    ['X-API-Key', (secret: string) => ({ 'x-api-key': secret })],
    ['X-API-Key beside an empty Authorization', (secret: string) => ({ 'x-api-key': secret, authorization: '' })],
  ])('with a good key as %s gets the data of its tenant', async (_, headers) => {
    const answer = await api.query(DEVICES, { headers: headers(key.secret) });
    expect(answer.data).toEqual({ devices: { nodes: [{ hostname: 'sw-1' }] } });
  });

  it.each([
    ['too short', (secret: string) => secret.slice(0, -1)],
    ['too long', (secret: string) => `${secret}0`],
    ['doubled', (secret: string) => secret + secret],
    ['of another checksum', (secret: string) => secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0')],
    ['of another alphabet', (secret: string) => `${secret.slice(0, 10)}-${secret.slice(11)}`],
    ['in another case', (secret: string) => `mktp_${secret.slice(5).toUpperCase()}x`.slice(0, 54)],
    ['its prefix alone', () => 'mktp_'],
    ['of our prefix and garbage', () => 'mktp_garbage'],
    ['4,000 characters long', () => `mktp_${'a'.repeat(4000)}`],
  ])('with a key that is %s is refused without a query', async (_, change) => {
    let answer: Awaited<ReturnType<TestPortal['query']>> | undefined;
    const sql = await api.sqlOf(async () => {
      answer = await api.query('{ __typename }', { key: change(key.secret) });
    });
    expect([answer?.status, answer?.code, answer?.reason]).toEqual([401, 'UNAUTHENTICATED', 'INVALID_KEY']);
    expect(answer?.headers.get('www-authenticate')).toBe('Bearer realm="portal", error="invalid_token"');
    expect(sql).toEqual([]);
  });

  it('with an unknown key gets the very answer of a malformed one', async () => {
    const headers = { 'x-request-id': 'same' };
    const unknown = await api.query(DEVICES, { key: unknownKey(), headers });
    const malformed = await api.query(DEVICES, { key: 'mktp_garbage', headers });
    expect(unknown.text).toBe(malformed.text);
    expect(unknown.status).toBe(malformed.status);
  });

  it.each([
    ['no key and no JWT', { authorization: 'Bearer garbage' }],
    ['Basic', { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }],
    ['a key without a scheme', { authorization: unknownKey() }],
    ['a scheme without a token', { authorization: 'Bearer' }],
    ['a JWT of another issuer', { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }],
    ['the hash of a key', { authorization: `Bearer ${createHash('sha256').update('x').digest('hex')}` }],
  ])('with %s is no session, public fields or not', async (_, headers) => {
    const answer = await api.query('{ __typename }', { headers });
    expect([answer.status, answer.code, answer.reason]).toEqual([401, 'UNAUTHENTICATED', 'INVALID_SESSION']);
  });

  it.each([
    ['both headers', (secret: string) => [`authorization: Bearer ${secret}`, `x-api-key: ${secret}`]],
    ['Authorization twice', (secret: string) => [`authorization: Bearer ${secret}`, 'authorization: Bearer x']],
    [
      'Authorization twice, the good one last',
      (secret: string) => ['authorization: x', `authorization: Bearer ${secret}`],
    ],
    ['two keys in one header', (secret: string) => [`authorization: Bearer ${secret},${secret}`]],
    ['a key and something more', (secret: string) => [`authorization: Bearer ${secret} extra`]],
    ['X-API-Key twice', (secret: string) => [`x-api-key: ${secret}`, `x-api-key: ${secret}`]],
  ])('with %s is ambiguous, even where the values are equal', async (_, headers) => {
    const answer = await raw(headers(key.secret));
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('"AMBIGUOUS_CREDENTIALS"');
    expect(answer).toContain('error="invalid_request"');
  });

  it.each(['access_token', 'api_key', 'key', 'token', 'anything'])(
    'with a key in its header and another in the URL as %s is ambiguous; in the URL alone it counts for nothing',
    async (name) => {
      const path = `/graphql?${name}=${key.secret}`;
      expect(await raw([`authorization: Bearer ${key.secret}`], path)).toContain('"AMBIGUOUS_CREDENTIALS"');
      expect(await raw([], path)).toContain('"MISSING_CREDENTIAL"');
    },
  );

  it('with a bad key is not rescued by a good session in a cookie', async () => {
    const headers = { cookie: `session=${key.admin.session}` };
    expect((await api.query(DEVICES, { key: 'mktp_garbage', headers })).reason).toBe('INVALID_KEY');
    expect((await api.query(DEVICES, { headers })).reason).toBe('MISSING_CREDENTIAL');
  });

  it('is verified once, however many root fields it has', async () => {
    const fields = Array.from({ length: 10 }, (_, index) => `a${index}: devices { totalCount }`).join(' ');
    const cold = await api.given.apiKey({ tenant: key.tenant });
    const sql = await api.sqlOf(async () => {
      expect((await api.query(`{ ${fields} }`, { key: cold.secret })).status).toBe(200);
    });
    expect(sql.filter((statement) => statement.includes('key_hash'))).toHaveLength(1);
  });

  it.each(['malformed', '00000000-0000-4000-8000-000000000000'])(
    'of a key or a session that names the tenant %j is refused whole',
    async (named) => {
      for (const credential of [key.secret, key.admin.session]) {
        const answer = await api.query('{ __typename }', { key: credential, headers: { 'x-tenant-id': named } });
        expect([answer.status, answer.code, answer.reason]).toEqual([403, 'FORBIDDEN', 'WRONG_TENANT']);
      }
    },
  );

  it('may name the tenant that is its own', async () => {
    const headers = { 'x-tenant-id': key.tenant.id };
    expect((await api.query(DEVICES, { key: key.secret, headers })).status).toBe(200);
  });
});

describe('a key of the replaced system', () => {
  it.each([
    ['true', 200, undefined],
    ['false', 401, 'INVALID_KEY'],
  ])('with API_KEYS_ACCEPT_LEGACY=%s answers %d', async (accepted, status, reason) => {
    const api = await TestPortal.start({ environment: { API_KEYS_ACCEPT_LEGACY: accepted } });
    const owner = await api.given.user();
    const legacy = `mktp_${'aB3-_'.repeat(9).slice(0, 43)}`;
    await api.database.sql(
      `insert into api_keys (id, tenant_id, user_id, name, key_prefix, key_hash, scopes, created_at)
       values (gen_random_uuid(), $1, $2, 'old', 'mktp_aB3', encode(sha256($3), 'hex'), '["devices:read"]', '2020-01-01')`,
      [owner.tenantId, owner.id, Buffer.from(legacy)],
    );
    const answer = await api.query(DEVICES, { key: legacy });
    expect([answer.status, answer.reason]).toEqual([status, reason]);
    await api.stop();
  });
});
