import type { RequestListener } from 'node:http';
import { decodeProtectedHeader, errors } from 'jose';
import { ServiceUnavailable } from '#kernel';
import { remoteKeys } from '#sessions';
import { encoded, signingKey, TestIssuer } from '../support/test-issuer.js';
import { TestPortal } from '../support/test-portal.js';
import { MINUTE_MS } from '../support/durations.js';
import { until } from '../support/until.js';

const WHO = `{ viewer { user { id } } }`;
/** Instead of 3 s, where an issuer that hangs is waited for and nobody looks at how long it takes. */
const HANGS_MS = 500;

const json = (body: string): RequestListener => {
  return (_, response) => response.setHeader('content-type', 'application/json').end(body);
};
const FAULTS: [string, (issuer: TestIssuer) => RequestListener][] = [
  ['hangs', () => () => undefined],
  ['hangs in the middle of its answer', () => (_, response) => response.write('{"keys":[')],
  ['drops the connection', () => (request) => request.socket.destroy()],
  ['answers 500', () => (_, response) => response.writeHead(500).end('{"keys":[]}')],
  ['answers a page', () => (_, response) => response.setHeader('content-type', 'text/html').end('<html></html>')],
  ['answers 10 MB', () => json(`{"keys":[${`{"kty":"RSA","kid":"x"},`.repeat(450_000)}{}]}`)],
  ['answers an empty set', () => json('{"keys":[]}')],
  ['answers null', () => json('null')],
  ['answers a set that is none', () => json('{"keys":{}}')],
  [
    'redirects to where its keys are',
    (issuer) => (request, response) => {
      if (request.url?.endsWith('?moved')) issuer.publish(response);
      else response.writeHead(302, { location: `${issuer.jwksUrl.href}?moved` }).end();
    },
  ],
];

let issuer: TestIssuer;
/** Another instance on the same database, with the issuer of the tests' own, to make facts through. */
let home: TestPortal;
beforeAll(async () => {
  home = await TestPortal.start();
});
afterAll(() => home.stop());
beforeEach(async () => {
  issuer = await TestIssuer.start();
});
afterEach(() => issuer.stop());

/** An answer that never ends, one that ends at once, and one that must not be followed; the application treats them alike. */
const OVER_HTTP = FAULTS.filter(([name]) => /^(hangs|answers 500|redirects .*)$/.test(name));

describe.each(OVER_HTTP)('while the issuer %s', (_, fault) => {
  let api: TestPortal;
  afterEach(() => api?.stop());

  it('while the issuer fails, no session is accepted, a 503 comes within 5 s, and keys work; the log has the cause, and the end (F26)', async () => {
    const { email } = await home.given.user();
    const { secret, admin } = await home.given.apiKey();
    api = await TestPortal.start({ database: home.database, environment: issuer.environment });
    issuer.misbehave = fault(issuer);
    const start = performance.now();
    const answer = await api.query(WHO, { session: issuer.token(email) });
    expect(performance.now() - start).toBeLessThan(5_000);
    expect([answer.status, answer.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(answer.body).not.toHaveProperty('data');
    const forged = `${encoded({ alg: 'none', kid: 'first' })}.${encoded(issuer.claims(email))}.`;
    expect((await api.query(WHO, { session: forged })).reason).toBe('INVALID_SESSION');
    expect((await api.query(WHO, { key: secret })).at('viewer.user.id')).toBe(admin.id);
    issuer.misbehave = undefined;
    const works = async () => (await api.query(WHO, { session: issuer.token(email) })).status === 200;
    await until('the keys are fetched again', works);
    const lines = api.log.filter((line) => line.includes('The keys of the issuer c'));
    expect(lines.map((line) => (JSON.parse(line) as { level: number }).level)).toEqual([40, 30]);
    expect(lines[0]).not.toContain('The service is unavailable');
  });
});

describe.each(FAULTS)('while the issuer %s', (name, fault) => {
  let now: number;
  let find: (kid: string) => Promise<unknown>;
  beforeEach(() => {
    now = 0;
    const keys = remoteKeys(issuer.jwksUrl, {
      monotonicMs: () => now,
      ...(name.startsWith('hangs') ? { timeoutMs: HANGS_MS } : {}),
    });
    find = async (kid) => keys({ alg: 'RS256', kid }, { payload: '', signature: '' });
  });

  it('while the issuer fails from the first fetch on, no key is known, until the issuer publishes its keys', async () => {
    issuer.misbehave = fault(issuer);
    await expect(find('first')).rejects.toThrow(ServiceUnavailable);
    issuer.misbehave = undefined;
    now = 2_000;
    await find('first');
  });

  it('while the issuer fails, keys known before open for as long as they are kept, and no longer', async () => {
    await find('first');
    issuer.misbehave = fault(issuer);
    now = 10 * MINUTE_MS - 1;
    await find('first');
    await expect(find('unknown')).rejects.toThrow(ServiceUnavailable);
    await find('first');
    now = 10 * MINUTE_MS;
    await expect(find('first')).rejects.toThrow(ServiceUnavailable);
    issuer.misbehave = undefined;
    now += 2_000;
    await find('first');
  });
});

describe('keys of an issuer', () => {
  const find = (keys: ReturnType<typeof remoteKeys>, token: string) => {
    const [, payload = '', signature = ''] = token.split('.');
    return keys(decodeProtectedHeader(token) as { alg: string; kid: string }, { payload, signature });
  };

  it('new keys of an issuer open after one fetch, and withdrawn keys only until their time in the cache ends (F27)', async () => {
    let now = 0;
    const keys = remoteKeys(issuer.jwksUrl, { monotonicMs: () => now });
    const old = issuer.token('ada@example.test');
    await find(keys, old);
    const next = signingKey('second');
    issuer.published = [next];
    now = 30_000;
    await find(keys, issuer.token('ada@example.test', { key: next }));
    expect(issuer.fetches).toBe(2);
    await expect(find(keys, old)).rejects.toThrow(errors.JWKSNoMatchingKey);
  });

  it('withdrawn keys of an issuer end after ten minutes while nobody presents a new key', async () => {
    let now = 0;
    const keys = remoteKeys(issuer.jwksUrl, { monotonicMs: () => now });
    const old = issuer.token('ada@example.test');
    await find(keys, old);
    issuer.published = [signingKey('second')];
    now = 10 * MINUTE_MS - 1;
    await find(keys, old);
    now = 10 * MINUTE_MS;
    await expect(find(keys, old)).rejects.toThrow(errors.JWKSNoMatchingKey);
  });

  it('the keys of an issuer are fetched once for many requests at once, and at most every 30 s for unknown keys', async () => {
    let now = 0;
    const keys = remoteKeys(issuer.jwksUrl, { monotonicMs: () => now });
    const good = issuer.token('ada@example.test');
    await Promise.all(Array.from({ length: 50 }, () => find(keys, good)));
    expect(issuer.fetches).toBe(1);
    const unknown = signingKey('unknown');
    for (let n = 0; n < 1_000; n++) {
      now += 90;
      const token = `${encoded({ alg: 'RS256', kid: `k${n}` })}.e30.${unknown.kid}`;
      await expect(find(keys, token)).rejects.toThrow(errors.JWKSNoMatchingKey);
    }
    expect(issuer.fetches).toBe(1 + 2);
  });

  it('unavailable keys of an issuer are fetched again every 2 s, not for each request', async () => {
    let now = 0;
    issuer.misbehave = (_, response) => response.writeHead(500).end();
    const keys = remoteKeys(issuer.jwksUrl, { monotonicMs: () => now });
    const good = issuer.token('ada@example.test');
    for (let n = 0; n < 100; n++) {
      now += 100;
      await expect(find(keys, good)).rejects.toThrow(ServiceUnavailable);
    }
    expect(issuer.fetches).toBe(5);
    issuer.misbehave = undefined;
    now += 2_000;
    await find(keys, good);
  });
});

describe('unreadable key of an issuer', () => {
  it('a published key that nobody can read is an outage of the issuer for its sessions only, until it is mended', async () => {
    const { email } = await home.given.user();
    const good = { ...issuer.key.publicKey.export({ format: 'jwk' }), kid: issuer.key.kid, alg: 'RS256', use: 'sig' };
    const withoutNumbers = { kty: 'RSA', kid: 'broken', alg: 'RS256', use: 'sig' };
    issuer.misbehave = json(JSON.stringify({ keys: [withoutNumbers, good] }));
    const api = await TestPortal.start({ database: home.database, environment: issuer.environment });
    const answer = await api.query(WHO, { session: issuer.token(email, { key: { ...issuer.key, kid: 'broken' } }) });
    expect([answer.status, answer.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect((await api.query(WHO, { session: issuer.token(email) })).status).toBe(200);
    await api.stop();
  });

  it('a published key that nobody can read is fetched again like an unknown key', async () => {
    let now = 0;
    issuer.misbehave = json(JSON.stringify({ keys: [{ kty: 'RSA', kid: 'first', alg: 'RS256' }] }));
    const keys = remoteKeys(issuer.jwksUrl, { monotonicMs: () => now });
    const find = async () => keys({ alg: 'RS256', kid: 'first' }, { payload: '', signature: '' });
    await expect(find()).rejects.toThrow(ServiceUnavailable);
    issuer.misbehave = undefined;
    now = 29_999;
    await expect(find()).rejects.toThrow(ServiceUnavailable);
    now = 30_000;
    await find();
    expect(issuer.fetches).toBe(2);
  });
});
