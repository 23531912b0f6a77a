import { readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import { resolve } from 'node:path';
import { actAs, givenKey } from '#testing';
import { countedUses } from '../support/counted-uses.js';
import { InventoryModule } from '../support/inventory/inventory.module.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const REQUIRED = `query ($document: String!) { requiredScopes(document: $document) { scopes availableToApiKeys } }`;

describe("a room outside of this repository's tree", () => {
  let api: TestPortal;
  usePortal((started) => (api = started), { imports: [InventoryModule] });

  it('a query of the room is opened by exactly the scope that it declares', async () => {
    const { secret, tenant } = await api.given.apiKey({ scopes: ['devices:read'] });
    await api.given.device({ tenant });
    const answer = await api.query('{ inventory { devices } }', { key: secret });
    expect(answer.data).toEqual({ inventory: { devices: 1 } });
  });

  it('a key without the scope is refused, and the error names the scope and the field', async () => {
    const { secret } = await api.given.apiKey({ scopes: ['alerts:read'] });
    const answer = await api.query('{ inventory { devices } }', { key: secret });
    expect([answer.status, answer.reason]).toEqual([403, 'MISSING_SCOPE']);
    expect(answer.errors[0]).toMatchObject({
      path: ['inventory'],
      extensions: { requiredScopes: ['devices:read'], grantedScopes: ['alerts:read'] },
    });
  });

  it('a key is challenged for all missing scopes at once, in the order of the catalogue', async () => {
    const { secret } = await api.given.apiKey({ scopes: ['alerts:read'] });
    const answer = await api.query('{ inventory { backups devices } viewer { kind } again: devices { totalCount } }', {
      key: secret,
    });
    expect(answer.headers.get('www-authenticate')).toBe(
      'Bearer realm="portal", error="insufficient_scope", scope="devices:read config:read"',
    );
  });

  it.each([
    ['{ inventory { devices } }', ['devices:read'], true],
    ['{ inventory { backups } }', ['config:read', 'devices:read'], true],
    ['{ inventory { auditNote } }', ['devices:read'], false],
    ['mutation { addToInventory(hostname: "sw-1") { devices } }', ['devices:read', 'devices:write'], true],
  ])('requiredScopes reports the scopes that %s needs', async (document, scopes, availableToApiKeys) => {
    const { secret } = await api.given.apiKey({ scopes: ['alerts:read'] });
    const answer = await api.query(REQUIRED, { key: secret, variables: { document } });
    expect(answer.at('requiredScopes')).toEqual({ scopes, availableToApiKeys });
  });

  it('a mutation is refused whole for one field of its answer, before it runs', async () => {
    const { secret, tenant } = await api.given.apiKey({ scopes: ['devices:read', 'devices:write'] });
    const document = 'mutation { addToInventory(hostname: "never") { devices backups } }';
    const answer = await api.query(document, { key: secret });
    expect(answer.errors.map(({ path, extensions }) => [path, extensions.reason])).toEqual([
      [['addToInventory', 'backups'], 'MISSING_SCOPE'],
    ]);
    expect(await api.database.sql('select 1 from devices where tenant_id = $1', [tenant.id])).toEqual([]);
  });

  it.each([
    ['by the document', '{ inventory @skip(if: true) { devices } }', {}, 200],
    ['by a variable', 'query ($all: Boolean!) { inventory @include(if: $all) { devices } }', { all: false }, 200],
    ['by a default', 'query ($none: Boolean = true) { inventory @skip(if: $none) { devices } }', {}, 200],
    ['by no condition', 'query ($all: Boolean!) { inventory @include(if: $all) { devices } }', { all: true }, 401],
    ['but for one of them', '{ inventory @skip(if: true) { devices } again: inventory { devices } }', {}, 401],
  ])(
    'an operation without a credential runs once all of its guarded fields are left out, %s',
    async (_, query, variables, status) => {
      const answer = await api.query(query, { variables });
      expect([answer.status, status === 200 ? answer.data : answer.reason]).toEqual([
        status,
        status === 200 ? {} : 'MISSING_CREDENTIAL',
      ]);
    },
  );

  it('the guard protects HTTP handlers in the same way', async () => {
    const get = async (path: string, key?: string) => {
      const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
      const response = await fetch(`${api.url}/inventory/${path}`, { headers });
      return { status: response.status, body: (await response.json()) as unknown };
    };
    const { secret, tenant } = await api.given.apiKey({ scopes: ['devices:read'] });
    await api.given.device({ tenant });
    const { secret: other } = await api.given.apiKey({ scopes: ['alerts:read'] });
    expect(await get('count', secret)).toEqual({ status: 200, body: { devices: 1 } });
    expect(await get('count', other)).toMatchObject({ status: 403 });
    expect(await get('count')).toMatchObject({ status: 401 });
    expect(await get('count', 'mktp_bad')).toMatchObject({ status: 401 });
    expect(await get('health')).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it('a request to an HTTP handler counts against the rate of its key, and as a use of the key', async () => {
    const { secret, id } = await api.given.apiKey({
      scopes: ['devices:read'],
      rateLimit: { limit: 1, windowSeconds: 600 },
    });
    const get = (path: string) =>
      fetch(`${api.url}/inventory/${path}`, { headers: { authorization: `Bearer ${secret}` } });
    expect((await get('backups')).status).toBe(403);
    const first = await get('count');
    expect([first.status, first.headers.get('ratelimit-remaining')]).toEqual([200, '0']);
    const second = await get('count');
    expect([second.status, Number(second.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(second.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await second.json()).toMatchObject({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      code: 'RATE_LIMITED',
      limit: 1,
    });
    expect(await countedUses(api, id)).toEqual({ allowed: 1, denied: 2 });
    expect(await api.database.sql('select scope from api_key_scope_use where api_key_id = $1', [id])).toEqual([
      { scope: 'devices:read' },
    ]);
  });

  it('every refusal by or for an HTTP handler is a problem document, and one by /graphql is not', async () => {
    const { secret } = await api.given.apiKey({ scopes: ['alerts:read'] });
    const ask = async (path: string, method = 'GET', key?: string) => {
      const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
      const response = await fetch(`${api.url}${path}`, { method, headers });
      const text = await response.text();
      return [response.status, response.headers.get('content-type'), JSON.parse(text)];
    };
    const problem = (status: number, members: object) => [
      status,
      'application/problem+json; charset=utf-8',
      expect.objectContaining({ status, type: 'about:blank', title: STATUS_CODES[status], ...members }),
    ];
    const detail = expect.any(String);
    const unauthenticated = { code: 'UNAUTHENTICATED', detail };
    expect(await ask('/inventory/count')).toEqual(problem(401, { ...unauthenticated, reason: 'MISSING_CREDENTIAL' }));
    expect(await ask('/inventory/count', 'GET', 'mktp_bad')).toEqual(
      problem(401, { ...unauthenticated, reason: 'INVALID_KEY' }),
    );
    expect(await ask('/inventory/count', 'GET', secret)).toEqual(
      problem(403, { code: 'FORBIDDEN', reason: 'MISSING_SCOPE', requiredScopes: ['devices:read'], detail }),
    );
    for (const path of ['/inventory/count', '/health/live', '/metrics', '/console', '/secret-scanning/github'])
      expect(await ask(path, 'DELETE')).toEqual(problem(405, { code: 'BAD_REQUEST', detail }));
    expect(await ask('/console/assets/nope.js')).toEqual(problem(404, { code: 'NOT_FOUND', detail }));
    for (const [status, type, body] of [await ask('/graphql', 'DELETE'), await ask('/nowhere')]) {
      expect([405, 404]).toContain(status);
      expect([type, body]).toEqual(['application/json; charset=utf-8', { errors: [expect.anything()] }]);
    }
  });

  it('a caller of a test is guarded as a session is, at resolvers and at handlers', async () => {
    const { secret, tenantId } = await givenKey(api.app, { scopes: ['devices:read'] });
    const count = async () => (await fetch(`${api.url}/inventory/count`)).status;
    const stop = actAs(api.app, { scopes: ['devices:read'], tenantId });
    expect((await api.query('{ inventory { devices } }')).data).toEqual({ inventory: { devices: 0 } });
    expect((await api.query('{ inventory { backups } }')).reason).toBe('MISSING_SCOPE');
    expect(await count()).toBe(200);
    stop();
    expect([(await api.query('{ inventory { devices } }')).reason, await count()]).toEqual(['MISSING_CREDENTIAL', 401]);
    expect((await api.query('{ inventory { devices } }', { key: secret })).data).toEqual({ inventory: { devices: 0 } });
  });

  it('the room sees only the devices of its caller', async () => {
    const mine = await api.given.apiKey({ scopes: ['devices:read'] });
    const theirs = await api.given.apiKey({ scopes: ['devices:read'] });
    await api.given.device({ tenant: theirs.tenant });
    expect((await api.query('{ inventory { devices } }', { key: mine.secret })).at('inventory.devices')).toBe(0);
    expect((await api.query('{ inventory { devices } }', { key: theirs.secret })).at('inventory.devices')).toBe(1);
  });
});

it('the snippets of docs/guard.md are lines of this room, of these tests and of the examples', () => {
  const read = (path: string) => readFileSync(resolve(import.meta.dirname, path), 'utf8');
  const lines = (text: string) => text.split('\n').map((line) => line.trim());
  const page = read('../../docs/guard.md');
  const sources = [
    '../support/inventory/inventory.module.ts',
    './guard.spec.ts',
    '../architecture/access.spec.ts',
    '../../examples/minimal-nest-app/src/sessions.ts',
    '../../examples/minimal-nest-app/src/app.module.ts',
    '../../examples/minimal-nest-app/src/notes/note.entity.ts',
    '../../examples/minimal-nest-app/src/notes/note.schema.ts',
    '../../examples/minimal-nest-app/test/app.test.ts',
    '../../examples/rest-nest-app/src/operations.controller.ts',
  ];
  const known = sources.map((path) => lines(read(path)).join('\n'));
  const snippets = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => lines(code).join('\n').trim());
  expect(snippets.length).toBeGreaterThan(4);
  expect(snippets.filter((snippet) => !known.some((source) => source.includes(snippet)))).toEqual([]);
  const plain = (text: string) => text.replace(/\s+/g, ' ').trim();
  const migration = plain(read('../../examples/minimal-nest-app/src/notes/note.migration.ts'));
  const statements = [...page.matchAll(/```sql\n(.*?)```/gs)].flatMap(([, sql = '']) => sql.split(';')).map(plain);
  expect(statements.length).toBeGreaterThan(4);
  expect(statements.filter((statement) => !migration.includes(statement))).toEqual([]);
});
