import { STATUS_CODES } from 'node:http';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { serverAudits } from 'graphql-http';
import { LIMITS } from '#kernel';
import type { Answer } from '../support/answer.js';
import { CREDENTIAL_ROWS, type CredentialFacts } from '../support/credential-rows.js';
import type { GivenKey } from '../support/given.js';
import { HostApp, opaqueToken } from '../support/host-app.js';
import { InventoryModule } from '../support/inventory/inventory.module.js';
import { OddModule, SECRET, THROWN_ROWS } from '../support/odd-handlers.js';
import { operation, rawRequest, type RawRequest, sendRaw } from '../support/raw-http.js';

const CROSS_SITE = ['sec-fetch-site: cross-site'];
const INVENTORY = '{ inventory { devices } }';
/** Rows that Node's parser refuses, before any application sees them. */
const NO_HTTP = ['400', '431'];
const ROWS = CREDENTIAL_ROWS.filter(([, , , outcome]) => !NO_HTTP.includes(outcome));

/** Both trust one proxy, at the address of the tests. */
const ADAPTERS: [name: string, make: () => AbstractHttpAdapter][] = [
  ['Fastify', () => new FastifyAdapter({ trustProxy: 'loopback' }) as AbstractHttpAdapter],
  [
    'Express',
    () => {
      const adapter = new ExpressAdapter();
      adapter.set('trust proxy', 'loopback');
      return adapter as AbstractHttpAdapter;
    },
  ],
];

describe.each(ADAPTERS)('a guarded application on %s', (_, adapter) => {
  let api: HostApp;
  let key: GivenKey;
  let facts: CredentialFacts;
  beforeAll(async () => {
    api = await HostApp.start(adapter(), [InventoryModule, OddModule]);
    key = await api.given.apiKey();
    facts = { key: key.secret, other: (await api.given.apiKey()).secret, session: key.admin.session };
  });
  afterAll(() => api.stop());

  const send = async (request: RawRequest): Promise<Answer> => {
    const answer = await sendRaw(api.url, rawRequest(request));
    if (!answer) throw new Error('There was no answer.');
    expect(answer.text).not.toMatch(/node_modules|\/libs\/|\.[jt]s\b|10\.0\.0\.1/);
    expect(answer.headers.get('x-request-id')).toMatch(/./);
    return answer;
  };
  const sessionCookie = () => `cookie: session=${key.admin.session}`;
  const bearer = (secret = key.secret) => `authorization: Bearer ${secret}`;
  const get = (target: string, ...headers: string[]) =>
    send({ method: 'GET', target, headers, without: ['content-type'] });
  /** `401 REVOKED_KEY`, of a GraphQL answer or a problem document. */
  const outcomeOf = ({ status, reason, body }: Answer): string =>
    `${status} ${reason ?? (body as { reason?: string }).reason ?? ''}`.trim();

  it.each([
    ['an operation', (headers: string[]) => send({ headers, body: operation(INVENTORY) })],
    ['a handler', (headers: string[]) => get('/inventory/count', ...headers)],
  ])('each credential has its outcome and its challenge for %s', async (_name, ask) => {
    const outcomes: unknown[] = [];
    for (const [, what, lines] of ROWS) {
      const answer = await ask(lines(facts));
      const isChallenged = answer.headers.get('www-authenticate')?.startsWith('Bearer realm="portal"') === true;
      outcomes.push([what, outcomeOf(answer), isChallenged]);
    }
    expect(outcomes).toEqual(ROWS.map(([, what, , outcome]) => [what, outcome, outcome !== '200']));
  });

  it.each([
    ['an opaque token', () => [bearer(opaqueToken(key.admin.session))], '200'],
    ['a cookie', () => [`cookie: session=${opaqueToken(key.admin.session)}`], '200'],
    ['a cookie beside a key, which counts', () => [bearer(), sessionCookie()], '200'],
    ['a bad session in a cookie', () => ['cookie: session=none'], '401 INVALID_SESSION'],
    [
      "a cookie with the request of another site's page",
      () => [...CROSS_SITE, sessionCookie()],
      '401 MISSING_CREDENTIAL',
    ],
    ['a text in no shape of a token', () => [bearer('sid')], '401 INVALID_SESSION'],
  ])('sessions that the application finds itself: %s', async (_name, headers, outcome) => {
    expect(outcomeOf(await send({ headers: headers(), body: operation(INVENTORY) }))).toBe(outcome);
    expect(outcomeOf(await get('/inventory/count', ...headers()))).toBe(outcome);
  });

  it('an operation is refused whole, before a resolver of it runs', async () => {
    const { secret, tenant } = await api.given.apiKey({ scopes: ['devices:read', 'devices:write'] });
    const body = operation('mutation { addToInventory(hostname: "never") { devices backups } }');
    const answer = await send({ headers: [bearer(secret)], body });
    expect(outcomeOf(answer)).toBe('403 MISSING_SCOPE');
    expect(answer.headers.get('www-authenticate')).toMatch(/error="insufficient_scope", scope="config:read"$/);
    expect(await api.database.sql('select 1 from devices where tenant_id = $1', [tenant.id])).toEqual([]);
  });

  it('the rate of a key holds for operations and handlers together, and their answers have its headers', async () => {
    const rateLimit = { limit: 2, windowSeconds: 600 };
    const { secret } = await api.given.apiKey({ scopes: ['devices:read'], rateLimit });
    const answers = [
      await send({ headers: [bearer(secret)], body: operation(INVENTORY) }),
      await get('/inventory/count', bearer(secret)),
      await send({ headers: [bearer(secret)], body: operation(INVENTORY) }),
      await get('/inventory/count', bearer(secret)),
    ];
    expect(answers.map(({ status, headers }) => [status, headers.get('ratelimit-remaining')])).toEqual([
      [200, '1'],
      [200, '0'],
      [429, '0'],
      [429, '0'],
    ]);
    for (const { headers } of answers.slice(2)) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(headers.get('ratelimit-policy')).toBe('"key";q=2;w=600');
    }
  });

  it('passes the 61 audits of graphql-http', async () => {
    const headers = { authorization: `Bearer ${key.secret}`, 'apollo-require-preflight': 'true' };
    const audits = serverAudits({
      url: `${api.url}/graphql`,
      fetchFn: (url: string, init: RequestInit = {}) =>
        fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
    });
    const failed: string[] = [];
    for (const { id, name, fn } of audits) if ((await fn()).status !== 'ok') failed.push(`${id} ${name}`);
    expect([audits.length, failed]).toEqual([61, []]);
  });

  it('a body of an operation may have 100 kB, and a larger body is 413 for operations and handlers', async () => {
    const whole = operation('{ __typename }').padEnd(LIMITS.bodyBytes);
    expect((await send({ headers: [bearer()], body: whole })).status).toBe(200);
    const refused = [
      await send({ headers: [bearer()], body: `${whole} ` }),
      await send({ target: '/odd/address', headers: [bearer()], body: whole.repeat(11) }),
    ];
    for (const { status, code } of refused) expect([status, code]).toEqual([413, 'BAD_REQUEST']);
  });

  it.each([
    ['text that is no JSON', '{"query":', 400],
    ['no operation', '{}', 400],
    ['several operations', `[${operation(INVENTORY)},${operation(INVENTORY)}]`, 400],
  ])('a body with %s is refused as a GraphQL answer', async (_what, body, status) => {
    const answer = await send({ headers: [bearer()], body });
    expect([answer.status, answer.code]).toEqual([status, 'BAD_REQUEST']);
  });

  it.each(THROWN_ROWS)(
    "an application's own exception keeps its status and, below 500, its content: %s",
    async (name, status, code, rest) => {
      const answer = await get(`/odd/thrown/${name}`, 'x-request-id: an-id');
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({ type: 'about:blank', title: STATUS_CODES[status], status, code, ...rest });
      // The log of requests reads the beginning.
      expect(answer.text).toMatch(/^\{"code":/);
    },
  );

  it('errors of and for handlers are problem documents, and an unknown path is a GraphQL answer', async () => {
    const answers = [
      await get('/odd/thrown/missing'),
      await get('/odd/thrown/lost'),
      await get('/odd/thrown/taken'),
      await send({ target: '/odd/address', body: '{' }),
      await get('/nowhere?token=x'),
    ];
    const [JSON_TYPE, PROBLEM] = ['application/json; charset=utf-8', 'application/problem+json; charset=utf-8'];
    expect(answers.map(({ status, code, headers }) => [status, code, headers.get('content-type')])).toEqual([
      [404, 'NOT_FOUND', PROBLEM],
      [404, 'NOT_FOUND', PROBLEM],
      [409, 'CONFLICT', PROBLEM],
      [400, 'BAD_REQUEST', PROBLEM],
      [404, 'NOT_FOUND', JSON_TYPE],
    ]);
    expect(answers.at(-1)?.text).not.toContain('token');
  });

  it.each([
    ['a resolver', (id: string) => send({ headers: [`x-request-id: ${id}`], body: operation('{ bug }') })],
    ['a handler', (id: string) => get('/odd/thrown/bug', `x-request-id: ${id}`)],
  ])('a bug of %s shows the id of its request, under which Nest logs the cause', async (what, ask) => {
    const id = `bug-of-${what.replace(' ', '-')}`;
    const answer = await ask(id);
    expect(answer.status).toBe(500);
    expect(answer.text).toContain(`"requestId":"${id}"`);
    expect(api.errors.filter((line) => line.includes(id) && line.includes(SECRET))).toHaveLength(1);
  });

  it('an id of a request is taken over if it has the form of one, and each answer has an id', async () => {
    const idOf = async (given: string) =>
      (await get('/inventory/health', `x-request-id: ${given}`)).headers.get('x-request-id');
    expect(await idOf('trace.1_a-B')).toBe('trace.1_a-B');
    for (const bad of ['', 'a b', '{"a":1}', 'x'.repeat(65)])
      expect(await idOf(bad)).toMatch(/^(req-\w+|[0-9a-f-]{36})$/);
  });

  it('a trusted proxy names the address of the client, and the networks of a key hold for this address', async () => {
    const { secret } = await api.given.apiKey({ scopes: ['devices:read'], allowedCidrs: ['192.0.2.0/24'] });
    const from = (address: string) =>
      send({ target: '/odd/address', headers: [bearer(secret), `x-forwarded-for: ${address}`], body: '{}' });
    expect((await from('198.51.100.7, 192.0.2.1')).text).toBe('{"ip":"192.0.2.1"}');
    expect(outcomeOf(await from('192.0.2.1, 198.51.100.7'))).toBe('403 IP_NOT_ALLOWED');
  });

  it('an application of its own answers services whether a key is good', async () => {
    const service = await api.given.apiKey({ tenant: key.tenant, scopes: ['keys:verify'] });
    const verify = (body: string, type: string, by = service.secret) =>
      send({ target: '/keys/verify', headers: [bearer(by), `content-type: ${type}`], body });
    const [json, form] = ['application/json', 'application/x-www-form-urlencoded'];
    for (const [body, type] of [
      [JSON.stringify({ token: key.secret }), json],
      [`token=${key.secret}&ip=192.0.2.7`, form],
    ] as const)
      expect((await verify(body, type)).body).toMatchObject({ active: true, client_id: key.id });
    expect((await verify('token=nonsense', form)).text).toBe('{"active":false}');
    expect(outcomeOf(await verify(`token=${key.secret}`, form, key.secret))).toBe('403 MISSING_SCOPE');
    expect((await verify('token=x', 'text/plain')).status).toBeGreaterThanOrEqual(400);
  });

  it('an application of its own can ask whether it is ready, and read the metrics of the guard', async () => {
    const { status, info } = (await get('/operations/ready')).body as { status?: string; info?: object };
    expect([status, Object.keys(info ?? {})]).toEqual([
      'ok',
      ['database', 'leadership', 'migrations', 'rowSecurity', 'changes'],
    ]);
    const metrics = (await get('/operations/metrics')).body as Record<string, unknown>;
    expect(Object.keys(metrics)).toEqual(
      expect.arrayContaining([
        'latchkey_key_verifications_total',
        'latchkey_change_channel_state',
        'latchkey_database_pool_waiting',
      ]),
    );
  });

  it('a WebSocket is refused: the connection stays HTTP', async () => {
    const headers = [bearer(), 'upgrade: websocket', 'connection: Upgrade', 'sec-websocket-version: 13'];
    const answer = await get('/graphql', ...headers, 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==');
    expect([answer.status, answer.code]).toEqual([400, 'BAD_REQUEST']);
  });
});
