import { createClient } from 'graphql-sse';
import { EVENTS, useStreams } from '../support/event-stream.js';
import type { GivenTenant } from '../support/given.js';
import { useTwoInstances } from '../support/hooks.js';
import { askKeys } from '../support/key-operations.js';
import { Scrape } from '../support/prometheus.js';
import type { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';

describe('event streams', () => {
  let api: TestPortal;
  let other: TestPortal;
  useTwoInstances(async (instances) => {
    ({ one: api, other } = instances);
    await api.settled();
    await other.settled();
  });
  const open = useStreams();
  const adminOf = async (tenant: GivenTenant) => (await api.given.admin(tenant)).session;
  /** A stream that has begun: what is committed from now on must come. */
  const openAsAdmin = async (tenant: GivenTenant, portal = api) => {
    const stream = await open(portal, EVENTS, { session: await adminOf(tenant) });
    expect([stream.status, stream.answer.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8']);
    return stream;
  };

  it('a stream shows what any instance commits, once, with the members that were asked for', async () => {
    const tenant = await api.given.tenant();
    const admin = await api.given.admin(tenant);
    const streams = [await openAsAdmin(tenant, api), await openAsAdmin(tenant, other)];
    const key = await other.given.apiKey({ tenant });
    await askKeys(api, 'revokeApiKeys', { input: { ids: [key.id] } }, admin);
    for (const stream of streams) {
      await stream.received(2);
      expect(stream.events('kind')).toEqual(['CREATED', 'REVOKED']);
      expect(stream.events('apiKeyId')).toEqual([key.id, key.id]);
      expect(stream.events('ip')).toEqual(['127.0.0.1', '127.0.0.1']);
      expect(stream.nexts[1]?.data?.data).toMatchObject({ apiKeyEvents: { actor: { email: admin.email } } });
      expect(stream.comments).toBeGreaterThan(0);
    }
  });

  it('a stream begins at the present: what was committed before it does not come', async () => {
    const tenant = await api.given.tenant();
    await api.given.apiKey({ tenant, name: 'before' });
    const stream = await openAsAdmin(tenant);
    await api.given.apiKey({ tenant, name: 'after' });
    await stream.received(1);
    expect(stream.events('apiKeyName')).toEqual(['after']);
  });

  it('a filter admits to a stream what it admits to the list', async () => {
    const tenant = await api.given.tenant();
    const session = await adminOf(tenant);
    const first = await api.given.apiKey({ tenant });
    const filter = { apiKeyId: first.id, kind: ['UPDATED', 'REVOKED'] };
    const stream = await open(api, EVENTS, { session, variables: { filter } });
    const second = await api.given.apiKey({ tenant });
    for (const [id, name] of [
      [second.id, 'x'],
      [first.id, 'y'],
    ])
      await askKeys(api, 'updateApiKey', { input: { id, expectedVersion: 1, name } }, { session });
    await askKeys(api, 'revokeApiKeys', { input: { ids: [first.id, second.id] } }, { session });
    await stream.received(2);
    expect(stream.events('apiKeyId')).toEqual([first.id, first.id]);
    expect(stream.events('kind')).toEqual(['UPDATED', 'REVOKED']);
  });

  it('a stream by GET is a stream, and a mutation by GET is refused', async () => {
    const tenant = await api.given.tenant();
    const session = await adminOf(tenant);
    const variables = { filter: { kind: ['CREATED'] } };
    const stream = await open(api, EVENTS, { session, method: 'GET', variables });
    expect(stream.status).toBe(200);
    await api.given.apiKey({ tenant });
    expect((await stream.received(1)).events()).toEqual(['CREATED']);
    const refused = await open(api, 'mutation { revokeCurrentApiKey { __typename } }', { session, method: 'GET' });
    await refused.ended();
    expect([refused.status, refused.answer.headers.allow]).toEqual([405, 'POST']);
  });

  it.each([
    ['a subscription without Accept', 'application/json', 'OPERATION_RESOLUTION_FAILURE'],
    ['a subscription that accepts anything', '*/*', 'OPERATION_RESOLUTION_FAILURE'],
  ])('%s is a client error', async (_, accept, code) => {
    const { session } = await api.given.user();
    const answer = await api.query(EVENTS, { session, headers: { accept } });
    expect([answer.status, answer.code]).toEqual([400, code]);
  });

  it.each([
    ['no credential', {}, 401, 'MISSING_CREDENTIAL'],
    ['a bad session', { session: 'a.b.c' }, 401, 'INVALID_SESSION'],
  ])('a stream with %s is refused before it begins', async (_, credential, status, reason) => {
    const stream = await (await open(api, EVENTS, credential)).ended();
    expect([stream.status, stream.answer.headers['content-type']]).toEqual([status, 'application/json; charset=utf-8']);
    expect(stream.raw).toContain(reason);
    expect(stream.answer.headers['www-authenticate']).toMatch(/^Bearer realm="portal"/);
  });

  it('a stream by a key is refused', async () => {
    const { secret } = await api.given.apiKey();
    const stream = await (await open(api, EVENTS, { key: secret })).ended();
    expect([stream.status, stream.raw.includes('SESSION_REQUIRED')]).toEqual([403, true]);
  });

  it.each([
    ['does not parse', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['asks for a field that does not exist', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'has two root fields',
      'subscription { a: apiKeyEvents { id } b: apiKeyEvents { id } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['has a bad variable', EVENTS, 'BAD_USER_INPUT'],
  ])('a document that %s is answered by an event', async (_, query, code) => {
    const { session } = await api.given.user();
    const stream = await (await open(api, query, { session, variables: { filter: { kind: 'NONE' } } })).ended();
    expect(stream.status).toBe(200);
    expect(stream.messages.map(({ event }) => event)).toEqual(['next', 'complete']);
    expect(stream.reason).toBe(code);
  });

  it('a query that accepts only streams is a stream of one result; one that accepts JSON too is JSON', async () => {
    const { session } = await api.given.user();
    const stream = await (await open(api, '{ viewer { kind } }', { session })).ended();
    expect(stream.messages).toEqual([
      { event: 'next', data: { data: { viewer: { kind: 'USER' } } } },
      { event: 'complete' },
    ]);
    const headers = { accept: 'application/json, text/event-stream' };
    expect((await api.query('{ viewer { kind } }', { session, headers })).at('viewer.kind')).toBe('USER');
  });

  it('the client of graphql-sse gets the events, and ends the stream', async () => {
    const tenant = await api.given.tenant();
    const session = await adminOf(tenant);
    const client = createClient({
      url: `${api.url}/graphql`,
      headers: { authorization: `Bearer ${session}` },
      retryAttempts: 0,
    });
    const events = client.iterate<{ apiKeyEvents: { kind: string } }>({ query: EVENTS });
    const first = events.next();
    await until('the stream is open', async () => (await openStreams(api)) === 1);
    await api.given.apiKey({ tenant });
    const { value } = (await first) as { value: { data?: { apiKeyEvents: { kind: string } } } };
    expect(value.data?.apiKeyEvents.kind).toBe('CREATED');
    await events.return?.();
    client.dispose();
    await until('the stream is closed', async () => (await openStreams(api)) === 0);
  });
});

const openStreams = async (api: TestPortal) => (await Scrape.of(api)).value('latchkey_streams_open');
