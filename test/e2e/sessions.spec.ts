import { createHmac } from 'node:crypto';
import type { GivenUser } from '../support/given.js';
import { LocalServer } from '../support/local-server.js';
import {
  encoded,
  signedToken,
  type SigningKey,
  signingKey,
  TEST_AUDIENCE,
  TestIssuer,
} from '../support/test-issuer.js';
import { TestPortal } from '../support/test-portal.js';

const WHO = `{ viewer { kind user { id } tenant { id } } }`;
const DEVICES = `{ devices { nodes { hostname } } }`;
const TENANT_OF = 'select tenant_id from users where id = $1';

describe('session tokens', () => {
  let issuer: TestIssuer;
  let api: TestPortal;
  let user: GivenUser;
  let stranger: SigningKey;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
    api = await TestPortal.start({ environment: issuer.environment });
    user = await api.given.user({ role: 'VIEWER' });
    stranger = signingKey(issuer.key.kid);
    expect((await api.query(WHO, { session: issuer.token(user.email) })).at('viewer.user.id')).toBe(user.id);
  });
  afterAll(async () => {
    await api.stop();
    await issuer.stop();
  });

  const ask = (session: string) => api.query(WHO, { session });
  const claimed = (claims: Record<string, unknown>) => () => issuer.token(user.email, { claims });
  /** With a time claim that is made with the token: the table is made when the file is loaded, long before. */
  const timed = (claim: string, valueAt: (now: number) => unknown) => () =>
    issuer.token(user.email, { claims: { [claim]: valueAt(Math.floor(Date.now() / 1000)) } });
  const headed = (header: Record<string, unknown>) => () => issuer.token(user.email, { header });
  const unsigned = (alg: string) => () =>
    `${encoded({ alg, kid: issuer.key.kid, typ: 'JWT' })}.${encoded(issuer.claims(user.email))}.`;
  /** HS256, the secret being the public key as the issuer's set or a certificate shows it. */
  const confused = (secret: () => string | Buffer) => () => {
    const body = `${encoded({ alg: 'HS256', kid: issuer.key.kid, typ: 'JWT' })}.${encoded(issuer.claims(user.email))}`;
    return `${body}.${createHmac('sha256', secret()).update(body).digest('base64url')}`;
  };
  const withoutClaim = (name: string) => claimed({ [name]: undefined });

  it.each<[string, string, () => string]>([
    ['A31', 'alg none', unsigned('none')],
    ['A31', 'alg None', unsigned('None')],
    ['A31', 'alg NONE', unsigned('NONE')],
    ['A31', 'an empty signature', unsigned('RS256')],
    [
      'A32',
      'HS256 by the public key as PEM',
      confused(() => issuer.key.publicKey.export({ format: 'pem', type: 'spki' })),
    ],
    [
      'A32',
      'HS256 by the public key as DER',
      confused(() => issuer.key.publicKey.export({ format: 'der', type: 'spki' })),
    ],
    [
      'A32',
      'HS256 by the public key as JWK',
      confused(() => JSON.stringify(issuer.key.publicKey.export({ format: 'jwk' }))),
    ],
    ['A32', "a stranger's key under the issuer's key id", () => issuer.token(user.email, { key: stranger })],
    ['A33', 'expired beyond the leeway', timed('exp', (now) => now - 6)],
    ['A33', 'without exp', withoutClaim('exp')],
    ['A33', 'exp a string', timed('exp', (now) => String(now + 60))],
    ['A33', 'exp beyond any date', claimed({ exp: 1e300 })],
    ['A34', 'nbf in the future', timed('nbf', (now) => now + 60)],
    ['A34', 'iat in the future', timed('iat', (now) => now + 60)],
    ['A34', 'iat a string', timed('iat', String)],
    ['A35', 'another issuer', claimed({ iss: 'https://issuer.example' })],
    ['A35', 'the issuer with a slash behind', () => issuer.token(user.email, { claims: { iss: `${issuer.url}/` } })],
    ['A35', 'another audience', claimed({ aud: 'another' })],
    ['A35', 'audiences without ours', claimed({ aud: ['another', `${TEST_AUDIENCE}2`] })],
    ['A35', 'no audience', withoutClaim('aud')],
    ['A35', 'no issuer', withoutClaim('iss')],
    ['A37', 'a key id that is a path', headed({ kid: '../../dev/null' })],
    ['A37', 'a key id that is SQL', headed({ kid: "' or 1=1 --" })],
    ['A37', 'a key id of 10 kB', headed({ kid: 'k'.repeat(10_000) })],
    ['A37', 'a key id that is a number', headed({ kid: 1 })],
    ['A37', 'no key id', headed({ kid: undefined })],
    ['A39', 'crit of what we do not know', headed({ crit: ['x'], x: 1 })],
    ['A39', 'an unencoded payload', headed({ b64: false })],
    ['A39', 'an unencoded payload, critical', headed({ b64: false, crit: ['b64'] })],
    ['A39', 'five parts, as encrypted', () => `${issuer.token(user.email)}.e30.e30`],
    [
      'A39',
      'a token within a token',
      () => signedToken({ alg: 'RS256', kid: issuer.key.kid, cty: 'JWT' }, issuer.token(user.email), issuer.key),
    ],
    ['A39', 'an access token of another kind', headed({ typ: 'at+jwt' })],
    ['A39', 'typ that is no text', headed({ typ: 1 })],
    ['A42', 'no subject', withoutClaim('sub')],
    ['A42', 'an empty subject', claimed({ sub: '' })],
    ['A42', 'a subject of 300 characters', claimed({ sub: 's'.repeat(300) })],
    ['A42', 'a subject with a NUL', claimed({ sub: 'a\0b' })],
    ['A42', 'an e-mail with a NUL', claimed({ sub: 'nobody', email: 'a\0@example.test' })],
    ['A42', 'a subject that is nobody, without an e-mail', claimed({ sub: 'nobody', email: undefined })],
    [
      'A42',
      'a subject that is nobody, with an e-mail that is not verified',
      claimed({ sub: 'nobody', email_verified: false }),
    ],
    [
      'A42',
      'a subject that is nobody, with an e-mail that is verified by the word',
      claimed({ sub: 'nobody', email_verified: 'true' }),
    ],
    ['A42', 'a second subject for one e-mail', claimed({ sub: 'another' })],
    ['A44', '15 kB', claimed({ padding: 'p'.repeat(11_000) })],
    ['A44', '200 parts', () => Array.from({ length: 200 }, () => 'a').join('.')],
    ['A44', 'no base64url', () => issuer.token(user.email).replace('.', '.!')],
    ['A44', 'padding', () => `${issuer.token(user.email)}==`],
    ['A44', 'claims that are no object', () => signedToken({ alg: 'RS256', kid: issuer.key.kid }, '[]', issuer.key)],
    ['A44', 'claims that are no JSON', () => signedToken({ alg: 'RS256', kid: issuer.key.kid }, '{"sub":', issuer.key)],
    ['A44', 'a header that is no JSON', () => signedToken('{"alg"', issuer.claims(user.email), issuer.key)],
  ])('(%s) a session token with %s is refused', async (_row, _what, token) => {
    const answer = await ask(token());
    expect([answer.status, answer.code, answer.reason]).toEqual([401, 'UNAUTHENTICATED', 'INVALID_SESSION']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="portal", error="invalid_token"');
    expect(answer.body).not.toHaveProperty('data');
  });

  it.each<[string, () => string]>([
    ['several audiences, one of them ours', claimed({ aud: ['another', TEST_AUDIENCE] })],
    ['an exp between two seconds', timed('exp', (now) => now + 60.5)],
    ['no typ', headed({ typ: undefined })],
    ['no iat', withoutClaim('iat')],
    ['no e-mail, once its subject is known', claimed({ email: undefined, email_verified: undefined })],
  ])('a session token with %s is accepted', async (_, token) => {
    expect((await ask(token())).at('viewer.user.id')).toBe(user.id);
  });

  it.each(['jku', 'x5u', 'jwk', 'x5c'])(
    '(A38) a session token that brings its own key by %s is refused, and nobody is asked for the key',
    async (name) => {
      const listener = await LocalServer.start((_, response) => response.end('{}'));
      const url = `${listener.url}/keys`;
      const jwk = stranger.publicKey.export({ format: 'jwk' });
      const value = { jku: url, x5u: url, jwk, x5c: ['MIIB'] }[name];
      for (const key of [stranger, issuer.key]) {
        const answer = await ask(issuer.token(user.email, { key, header: { [name]: value } }));
        expect([answer.status, answer.reason]).toEqual([401, 'INVALID_SESSION']);
      }
      expect(listener.connections).toBe(0);
      await listener.stop();
    },
  );

  it('(A36) session tokens with an unknown key id ask the issuer once, however many come', async () => {
    const before = issuer.fetches;
    const unknown = signingKey('unknown');
    const tokens = Array.from({ length: 1_000 }, (_, n) =>
      issuer.token(user.email, { key: { ...unknown, kid: `k${n}` } }),
    );
    for (let start = 0; start < tokens.length; start += 50) {
      const answers = await Promise.all(tokens.slice(start, start + 50).map(ask));
      expect(new Set(answers.map(({ status, reason }) => `${status} ${reason}`))).toEqual(
        new Set(['401 INVALID_SESSION']),
      );
    }
    expect(issuer.fetches - before).toBeLessThanOrEqual(1);
  });

  it.each([
    ['missing', undefined],
    ['null', null],
    ['a list', ['a', 'b']],
    ['a number', 7],
    ['an object', { id: 'x' }],
    ["another tenant's", '11111111-1111-4111-8111-111111111111'],
  ])(
    '(A40, A41) a session acts in the tenant that the database names, whatever its own claim: %s',
    async (_, tenant) => {
      const other = await api.given.tenant();
      const insert = `insert into devices (tenant_id, hostname, ip_address) values ($1, $2, '10.0.0.1')`;
      await api.database.sql(insert, [other.id, `foreign-${other.id}`]);
      const own = `own-${other.id}`;
      await api.database.sql(insert, [user.tenantId, own]);
      const session = issuer.token(user.email, { claims: { tenant, tenant_id: tenant ?? other.id, tid: other.id } });
      expect((await ask(session)).at('viewer.tenant.id')).toBe(user.tenantId);
      const hostnames = (await api.query(DEVICES, { session })).at<{ hostname: string }[]>('devices.nodes');
      expect(hostnames).toContainEqual({ hostname: own });
      expect(hostnames.filter(({ hostname }) => hostname.startsWith('foreign'))).toEqual([]);
    },
  );

  it.each([
    ['deleted', 'delete from users where id = $1'],
    ['inactive', 'update users set is_active = false where id = $1'],
    ['of a suspended tenant', `update tenants set suspended_at = now() where id = (${TENANT_OF})`],
    ['of a deleted tenant', `delete from tenants where id = (${TENANT_OF})`],
  ])('(A42) a session token of a user who is %s opens nothing', async (_, change) => {
    const person = await api.given.user();
    const session = issuer.token(person.email);
    expect((await ask(session)).at('viewer.user.id')).toBe(person.id);
    await api.database.sql(change, [person.id]);
    await api.caughtUp();
    const answer = await ask(session);
    expect([answer.status, answer.reason]).toEqual([401, 'INVALID_SESSION']);
  });

  it('(A37) a session token without a key id is refused where the issuer has two keys, whichever signed it', async () => {
    const second = signingKey('second');
    issuer.published = [issuer.key, second];
    for (const key of [issuer.key, second]) {
      const answer = await ask(issuer.token(user.email, { key, header: { kid: undefined } }));
      expect([answer.status, answer.reason]).toEqual([401, 'INVALID_SESSION']);
    }
    issuer.published = [issuer.key];
  });

  it('the first requests of a new person are all accepted when they come at once', async () => {
    const person = await api.given.user({ role: 'OPERATOR' });
    const session = issuer.token(person.email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(session)));
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
  });

  it('(A43) the last counts of two equal claims in a session token', async () => {
    const claims = JSON.stringify(issuer.claims(user.email));
    const header = { alg: 'RS256', kid: issuer.key.kid };
    const last = signedToken(header, claims.replace('{', '{"sub":"nobody",'), issuer.key);
    expect((await ask(last)).at('viewer.user.id')).toBe(user.id);
    const first = signedToken(header, claims.replace('"email":', '"sub":"nobody","email":'), issuer.key);
    expect((await ask(first)).reason).toBe('INVALID_SESSION');
  });

  it('(A45) a session token in a cookie, or beside a bad key, rescues nothing', async () => {
    const session = issuer.token(user.email);
    const cookie = { cookie: `session=${session}; authorization=Bearer ${session}` };
    expect((await api.query(WHO, { headers: cookie })).reason).toBe('MISSING_CREDENTIAL');
    const badKey = await api.query(WHO, { headers: { ...cookie, authorization: 'Bearer mktp_bad' } });
    expect([badKey.status, badKey.reason]).toEqual([401, 'INVALID_KEY']);
    const both = await api.query(WHO, { session, headers: { 'x-api-key': 'mktp_bad' } });
    expect([both.status, both.reason]).toEqual([400, 'AMBIGUOUS_CREDENTIALS']);
  });
});
