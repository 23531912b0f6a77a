import { PortalClient } from '../../examples/portal-client/src/portal-client.js';
import { PortalError, PortalUnreachable } from '../../examples/portal-client/src/portal-error.js';
import { OpenStreams } from '#graphql';
import { LocalServer } from '../support/local-server.js';
import { leaveKeptConnections } from '../support/post.js';
import { freePort } from '../support/programs.js';
import { until } from '../support/until.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const failureOf = async (work: Promise<unknown>): Promise<PortalError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof PortalError) return error;
  throw new Error('The portal refused nothing.', { cause: error });
};

const listOf = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
};

describe('typed client', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  const clientOf = (credential: string) => new PortalClient(`${api.url}/graphql`, credential);
  const admin = async () => clientOf((await api.given.user()).session);
  const scopesOf = async (key: string) => (await api.query('{ viewer { scopes } }', { key })).at('viewer.scopes');

  it('the typed client makes, lists, rotates and revokes keys', async () => {
    const portal = await admin();
    const { apiKey, secret } = await portal.createKey({ name: 'ci', scopes: ['devices:read'] });
    expect(await scopesOf(secret ?? '')).toEqual(['devices:read']);
    const listed = await listOf(portal.keys());
    expect(listed.map(({ id, status }) => [id, status])).toEqual([[apiKey.id, 'ACTIVE']]);

    const rotated = await portal.rotateKey({ id: apiKey.id, overlapSeconds: 0 });
    expect(await scopesOf(rotated.secret)).toEqual(['devices:read']);
    expect((await api.query('{ viewer { scopes } }', { key: secret ?? '' })).reason).toBe('REVOKED_KEY');

    const unused = await portal.rotateKey({ id: apiKey.id });
    expect((await failureOf(portal.completeRotation(apiKey.id))).reason).toBe('NEW_SECRET_UNUSED');
    expect((await portal.completeRotation(apiKey.id, { force: true })).apiKey.keyPrefix).toBe(unused.apiKey.keyPrefix);
    expect((await api.query('{ viewer { scopes } }', { key: rotated.secret })).reason).toBe('REVOKED_KEY');

    const { count, apiKeys } = await portal.revokeKeys({ ids: [apiKey.id], reason: 'UNUSED' });
    expect([count, apiKeys[0]?.status]).toEqual([1, 'REVOKED']);
    expect(await listOf(portal.keys())).toEqual([]);
    expect(await listOf(portal.keys({ status: ['REVOKED'] }))).toHaveLength(1);
  });

  it('the typed client follows events, goes on behind the last one after its connection broke, and ends with its session', async () => {
    const user = await api.given.user();
    const tenant = { id: user.tenantId ?? '', name: '' };
    const events = clientOf(user.session).events({ kind: ['CREATED'] });
    const created = async (name: string, next: Promise<unknown>) => {
      await until('the stream is open', () => openStreams() === 1);
      await api.given.apiKey({ tenant, name });
      return next;
    };
    const openStreams = () => api.app.get(OpenStreams, { strict: false }).count;
    const eventOf = (apiKeyName: string) => ({
      done: false,
      value: expect.objectContaining({ kind: 'CREATED', apiKeyName }),
    });
    expect(await created('one', events.next())).toEqual(eventOf('one'));
    const second = events.next();
    api.app.getHttpServer().closeAllConnections();
    leaveKeptConnections();
    await until('the stream is gone', () => openStreams() === 0);
    await api.given.apiKey({ tenant, name: 'two' });
    expect(await second).toEqual(eventOf('two'));
    expect(await created('three', events.next())).toEqual(eventOf('three'));
    const failure = failureOf(events.next());
    await api.database.sql('update users set is_active = false where id = $1', [user.id]);
    expect((await failure).isCredentialDead).toBe(true);
  });

  it('the typed client throws what refuses its stream', async () => {
    const { secret } = await api.given.apiKey();
    expect((await failureOf(clientOf(secret).events().next())).reason).toBe('SESSION_REQUIRED');
  });

  it('the typed client lists page after page', async () => {
    const { tenant, admin: by } = await api.given.apiKey();
    await api.database.sql(
      `insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash, scopes)
       select tenant_id, user_id, 'key ' || number, key_prefix, md5(id::text || number), scopes
       from api_keys, generate_series(1, 100) number where tenant_id = $1`,
      [tenant.id],
    );
    const ids = (await listOf(clientOf(by.session).keys())).map(({ id }) => id);
    expect(new Set(ids).size).toBe(101);
  });

  it('the typed client reports in a sentence that nobody answers, or some other server', async () => {
    const nobody = new PortalClient(`http://127.0.0.1:${await freePort()}/graphql`, 'x').createKey({
      name: 'ci',
      scopes: [],
    });
    await expect(nobody).rejects.toThrow(PortalUnreachable);
    await expect(nobody).rejects.toThrow(/^Nobody answers at http:.*: is the portal running there\?$/);
    const page = await LocalServer.start((_request, response) => response.end('<html>'));
    await expect(new PortalClient(`${page.url}/`, 'x').createKey({ name: 'ci', scopes: [] })).rejects.toThrow(
      /answered 200 and no JSON: is this the portal's address\?$/,
    );
    await page.stop();
  });

  it.each([
    ['a line break', '', '\n'],
    ['a line break of Windows, and blanks', ' \t', ' \r\n'],
    ['a no-break space', '\u00a0', '\u00a0'],
  ])('the typed client accepts a credential that was pasted with whitespace around: %s', async (_, before, after) => {
    const { session } = await api.given.user();
    expect(await listOf(clientOf(before + session + after).keys())).toEqual([]);
  });

  it.each(['mktp_8mS0…', 'mktp_8m\nS0', ''])(
    'the typed client says in a sentence that no credential can look like %j',
    async (credential) => {
      const { session } = await api.given.user();
      const pasted = credential === '' ? '  ' : session.slice(0, 9) + credential;
      expect(() => clientOf(pasted)).toThrow(/^The credential is (empty|not whole or has a character)/);
      expect(() => clientOf(pasted)).not.toThrow(session.slice(0, 9));
    },
  );

  it('the typed client distinguishes failures by code and reason', async () => {
    const portal = await admin();
    const input = await failureOf(portal.createKey({ name: 'ci', scopes: ['devices:reed'] }));
    expect([input.code, input.isCredentialDead]).toEqual(['BAD_USER_INPUT', false]);
    expect(input.extensions.problems).toEqual([
      expect.objectContaining({ code: 'UNKNOWN_SCOPE', path: ['input', 'scopes', 0] }),
    ]);

    const { apiKey, secret } = await portal.createKey({ name: 'ci', scopes: ['devices:read'] });
    const asKey = clientOf(secret ?? '');
    const refused = await failureOf(asKey.createKey({ name: 'another', scopes: ['devices:read'] }));
    expect([refused.code, refused.reason, refused.isCredentialDead]).toEqual(['FORBIDDEN', 'SESSION_REQUIRED', false]);
    await portal.revokeKeys({ ids: [apiKey.id] });
    const dead = await failureOf(asKey.rotateKey({}));
    expect([dead.code, dead.reason, dead.isCredentialDead, dead.isPassing]).toEqual([
      'UNAUTHENTICATED',
      'REVOKED_KEY',
      true,
      false,
    ]);
    const twice = await failureOf(portal.rotateKey({ id: apiKey.id }));
    expect([twice.code, twice.reason, twice.isCredentialDead]).toEqual(['CONFLICT', 'INVALID_STATE', false]);
  });

  it('the typed client treats a rate limit as temporary, and says when to come again', async () => {
    const rateLimit = { limit: 1, windowSeconds: 60 };
    const { secret } = await (await admin()).createKey({ name: 'slow', scopes: ['devices:read'], rateLimit });
    const asKey = clientOf(secret ?? '');
    await asKey.rotateKey({ overlapSeconds: 60 });
    const limited = await failureOf(asKey.rotateKey({}));
    expect([limited.code, limited.isPassing, limited.isCredentialDead]).toEqual(['RATE_LIMITED', true, false]);
    expect(limited.retryAfterSeconds).toBeGreaterThan(0);
  });
});
