import { TenancyAdministration } from '#tenancy';
import { countedUses } from '../support/counted-uses.js';
import { inSeconds, REVOCATION_BOUND_MS } from '../support/durations.js';
import type { GivenKey } from '../support/given.js';
import { introspect, type IntrospectionAsk } from '../support/introspection.js';
import { useProxiedPortal } from '../support/hooks.js';
import { askKeys } from '../support/key-operations.js';
import { askAsAdmin, SET_POLICY } from '../support/key-policy.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import type { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { until } from '../support/until.js';
import { usedOf } from '../support/usage.js';

const FORM_IN_UTF_8 = 'application/x-www-form-urlencoded;charset=UTF-8';
const NOT_ACTIVE = '{"active":false}';
const CLIENT = '192.0.2.7';
const REVOKED = `revoked_at = now(), revocation_reason = 'OTHER'`;
const UNKNOWN_LIMIT = 300;
type Ask = Partial<IntrospectionAsk>;

describe('introspection of keys', () => {
  let api: TestPortal;
  let proxy: TcpProxy;
  let service: GivenKey;
  useProxiedPortal(
    async (started) => {
      ({ api, pool: proxy } = started);
      service = await api.given.apiKey({ scopes: ['keys:verify'] });
    },
    { environment: { API_KEYS_CACHE_SIZE: '1000' }, config: { apiKeys: { flushIntervalSeconds: 3_600 } } },
  );

  const send = (body: string | Uint8Array, ask: Ask = {}) => introspect(api, body, { by: service.secret, ...ask });
  const verify = (token: string, members: Record<string, string> = {}, ask: Ask = {}) =>
    send(new URLSearchParams({ token, ...members }).toString(), ask);
  const isActive = async (token: string, members?: Record<string, string>) => {
    const { status, text } = await verify(token, members);
    expect(status).toBe(200);
    return (JSON.parse(text) as { active: boolean }).active;
  };
  const ownKey = (input: Record<string, unknown> = {}) =>
    api.given.apiKey({ tenant: service.tenant, scopes: ['devices:read', 'alerts:read'], ...input });
  const change = async (key: GivenKey, set: string) => {
    await api.database.sql(`update api_keys set ${set} where id = $1`, [key.id]);
    await api.caughtUp();
  };

  it('a service is answered what a key of its tenant may do, whose the key is and when it ends', async () => {
    const expiresAt = inSeconds(3_600);
    const key = await ownKey({ expiresAt });
    const answer = await verify(key.secret, { token_type_hint: 'access_token' });
    const { status, headers } = answer;
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(JSON.parse(answer.text)).toEqual({
      active: true,
      scope: 'alerts:read devices:read',
      client_id: key.id,
      sub: key.admin.id,
      tenant: key.tenant.id,
      exp: Math.floor(Date.parse(expiresAt) / 1000),
    });
    expect((await verify(key.secret, {}, { type: FORM_IN_UTF_8 })).text).toBe(answer.text);
    const json = await send(JSON.stringify({ token: key.secret }), { type: 'application/json' });
    expect(json.text).toBe(answer.text);
    expect(JSON.parse((await verify((await ownKey()).secret)).text)).not.toHaveProperty('exp');
  });

  const changed = async (set: string) => {
    const key = await ownKey();
    await change(key, set);
    return key.secret;
  };
  const replaced = async ({ id, secret, admin }: GivenKey) => {
    await askKeys(api, 'rotateApiKey', { input: { id, overlapSeconds: 0 } }, { session: admin.session });
    return secret;
  };
  const ofInactiveOwner = async () => {
    const owner = await api.given.user({ tenant: service.tenant });
    const { secret } = await ownKey({ owner });
    await api.app.get(TenancyAdministration, { strict: false }).changeUser(owner.email, { isActive: false });
    return secret;
  };
  const REFUSED: [string, () => Promise<string>][] = [
    ['a text that is no key', async () => 'nonsense'],
    ['a key with a wrong checksum', async () => `${unknownKey().slice(0, -1)}-`],
    ['an unknown key', async () => unknownKey()],
    ['a revoked key', async () => changed(REVOKED)],
    ['an expired key', async () => changed(`expires_at = now() - interval '1 s'`)],
    ['a suspended key', async () => changed('suspended_at = now()')],
    ['a key that waits for approval', async () => changed(`pending_until = now() + interval '1 day'`)],
    ['a secret that a rotation has replaced', async () => replaced(await ownKey())],
    ['a key of an inactive owner', ofInactiveOwner],
    ['a key of another tenant', async () => (await api.given.apiKey()).secret],
    ['a key whose networks the client is not in', async () => (await ownKey({ allowedCidrs: ['10.0.0.0/8'] })).secret],
    ['a session', async () => service.admin.session],
    ['a key between blanks', async () => ` ${(await ownKey()).secret} `],
  ];
  it.each(REFUSED)('a service is not answered why a text is refused: %s', async (_, make) => {
    const answer = await verify(await make(), { ip: CLIENT });
    expect([answer.status, answer.text]).toEqual([200, NOT_ACTIVE]);
    const names = [...answer.headers.keys()].filter((name) => name !== 'keep-alive' && name !== 'connection');
    expect(names.toSorted()).toEqual(['cache-control', 'content-length', 'content-type', 'date', 'x-request-id']);
  });

  it('a key that the policy of its tenant blocks is not active', async () => {
    const caller = await api.given.apiKey({ scopes: ['keys:verify'], expiresAt: inSeconds(3_600) });
    const { secret } = await api.given.apiKey({ tenant: caller.tenant, scopes: ['devices:read'] });
    expect(JSON.parse((await verify(secret, {}, { by: caller.secret })).text)).toMatchObject({ active: true });
    await askAsAdmin(api, caller.tenant, SET_POLICY, { input: { requireExpiry: true } });
    expect((await verify(secret, {}, { by: caller.secret })).text).toBe(NOT_ACTIVE);
  });

  it('a key with networks is active for a client within them that the service names', async () => {
    const { secret } = await ownKey({ allowedCidrs: ['192.0.2.0/24', '127.0.0.0/8'] });
    const seen = [{}, { ip: CLIENT }, { ip: '::ffff:192.0.2.7' }, { ip: '192.0.3.7' }].map((members) =>
      isActive(secret, members as Record<string, string>),
    );
    expect(await Promise.all(seen)).toEqual([false, true, true, false]);
  });

  it('a verified key is used, by the address that the service names, and the key of the service is used too', async () => {
    const [caller, key] = [await ownKey({ scopes: ['keys:verify'] }), await ownKey()];
    for (const token of [key.secret, key.secret, unknownKey()])
      await verify(token, { ip: CLIENT }, { by: caller.secret });
    expect(await countedUses(api, key.id)).toEqual({ allowed: 2, denied: 0 });
    expect(await usedOf(api, key)).toMatchObject({ lastUsedIp: CLIENT, attemptsAfterRevocation: 0 });
    expect(await countedUses(api, caller.id)).toEqual({ allowed: 3, denied: 0 });
    await change(key, REVOKED);
    await verify(key.secret);
    expect(await countedUses(api, key.id)).toEqual({ allowed: 2, denied: 0 });
    expect((await usedOf(api, key)).attemptsAfterRevocation).toBe(1);
  });

  it('a verification is a unit of the rate of the verified key, and beyond the rate it is 429', async () => {
    const key = await ownKey({ rateLimit: { limit: 2, windowSeconds: 600 } });
    expect(await isActive(key.secret)).toBe(true);
    expect((await api.query('{ devices { nodes { id } } }', { key: key.secret })).status).toBe(200);
    const refused = await verify(key.secret);
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      429,
      expect.objectContaining({ code: 'RATE_LIMITED', limit: 2, windowSeconds: 600 }),
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await countedUses(api, key.id)).toEqual({ allowed: 2, denied: 1 });
  });

  it('a remembered key is verified without a query', async () => {
    const key = await ownKey();
    await api.settled(service.tenant.id);
    await until('both verdicts are remembered', async () => {
      return (await api.sqlOf(() => isActive(key.secret))).length === 0;
    });
  });

  it('the first use of a new secret through a service is recorded', async () => {
    const key = await ownKey();
    const rotated = await askKeys(api, 'rotateApiKey', { input: { id: key.id } }, { session: key.admin.session });
    expect(await isActive(rotated.at('rotateApiKey.secret'))).toBe(true);
    const after = await askKeys(api, 'apiKey', { id: key.id }, { session: key.admin.session });
    expect(after.at('apiKey.rotation.newFirstUsedAt')).toEqual(expect.any(String));
  });

  it('a revocation is in force at once where it was made, and within the bound after one by any other program', async () => {
    const [one, other] = [await ownKey(), await ownKey()];
    expect([await isActive(one.secret), await isActive(other.secret)]).toEqual([true, true]);
    await askKeys(api, 'revokeApiKeys', { input: { ids: [one.id] } }, { session: one.admin.session });
    expect(await isActive(one.secret)).toBe(false);
    await api.database.sql(`update api_keys set ${REVOKED} where id = $1`, [other.id]);
    await until('the key is not active', async () => !(await isActive(other.secret)), REVOCATION_BOUND_MS);
  });

  it('only a caller with the scope is answered', async () => {
    const { secret } = await ownKey();
    const operator = await api.given.user({ tenant: service.tenant, role: 'OPERATOR' });
    const outcome = async (ask: Ask) => {
      const { status, text } = await verify(secret, {}, ask);
      const { reason, requiredScopes } = JSON.parse(text) as Record<string, unknown>;
      return [status, reason, requiredScopes];
    };
    expect(await outcome({ by: '' })).toEqual([401, 'MISSING_CREDENTIAL', undefined]);
    expect(await outcome({ by: unknownKey() })).toEqual([401, 'INVALID_KEY', undefined]);
    expect(await outcome({ by: secret })).toEqual([403, 'MISSING_SCOPE', ['keys:verify']]);
    expect(await outcome({ by: operator.session })).toEqual([403, 'MISSING_SCOPE', ['keys:verify']]);
    expect(await outcome({ by: service.admin.session })).toEqual([200, undefined, undefined]);
    expect(await outcome({ query: `?token=${secret}` })).toEqual([400, 'AMBIGUOUS_CREDENTIALS', undefined]);
  });

  it.each<[string, string | Uint8Array, Ask, number, unknown]>([
    ['no token', 'ip=192.0.2.7', {}, 400, [['token', 'REQUIRED']]],
    ['an empty token', 'token=', {}, 400, [['token', 'REQUIRED']]],
    ['nothing', '', {}, 400, [['token', 'REQUIRED']]],
    ['a number', '{"token":7}', { type: 'application/json' }, 400, [['token', 'REQUIRED']]],
    ['a list', '[]', { type: 'application/json' }, 400, [['token', 'REQUIRED']]],
    ['an address that is none', 'token=x&ip=nowhere', {}, 400, [['ip', 'MALFORMED']]],
    ['an empty address', 'token=x&ip=', {}, 400, [['ip', 'MALFORMED']]],
    ['two tokens', 'token=x&token=y', {}, 400, undefined],
    ['bytes that are no UTF-8', Buffer.from('token=\xff', 'latin1'), {}, 400, undefined],
    ['a text', 'token=x', { type: 'text/plain' }, 400, undefined],
    ['more than 4 kB', `token=${'x'.repeat(4_096)}`, {}, 413, undefined],
  ])('a request for the introspection of %s is refused as a problem document', async (_, body, ask, status, found) => {
    const answer = await send(body, ask);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ]);
    const { problems } = JSON.parse(answer.text) as { problems?: { path: string[]; code: string }[] };
    expect(problems?.map(({ path, code }) => [path.join('.'), code])).toEqual(found);
  });

  it('unknown keys close the introspection for their client at this service, and for nobody else', async () => {
    const [stranger, cold] = [await api.given.apiKey({ scopes: ['keys:verify'] }), await ownKey()];
    const [guesser, other] = [{ ip: '192.0.2.66' }, { ip: '192.0.2.67' }];
    const status = async (token: string, members: Record<string, string>, ask?: Ask) =>
      (await verify(token, members, ask)).status;
    // A busy database answers 503, and the same key counts once.
    const guess = async (token = unknownKey()) =>
      until('the key is looked up', async () => (await verify(token, guesser)).text === NOT_ACTIVE);
    for (let asked = 0; asked < UNKNOWN_LIMIT; asked += 10)
      await Promise.all(Array.from({ length: 10 }, () => guess()));
    expect(await status(unknownKey(), guesser)).toBe(429);
    expect(await status(cold.secret, guesser)).toBe(429);
    expect(await status(unknownKey(), other)).toBe(200);
    expect(await isActive(cold.secret, other)).toBe(true);
    expect(await isActive(cold.secret, guesser)).toBe(true);
    expect(await status(unknownKey(), guesser, { by: stranger.secret })).toBe(200);
    expect((await api.query('{ devices { nodes { id } } }', { key: unknownKey() })).reason).toBe('INVALID_KEY');
  });

  it('an outage of the database is 503, and says nothing about the key', async () => {
    const [known, cold] = [await ownKey(), await ownKey()];
    await api.settled(service.tenant.id);
    await until(
      'both verdicts are remembered',
      async () => (await api.sqlOf(() => isActive(known.secret))).length === 0,
    );
    await proxy.refuse();
    proxy.reset();
    const answer = await verify(cold.secret);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      503,
      expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }),
    ]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    await proxy.listen();
    await until('the key is active again', async () => (await verify(cold.secret)).status === 200);
    expect(await isActive(cold.secret)).toBe(true);
  });
});
