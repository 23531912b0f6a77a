import { askKeys } from '../support/key-operations.js';
import { Scrape } from '../support/prometheus.js';
import { SecretScan } from '../support/secret-scan.js';
import type { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { until } from '../support/until.js';
import { usePortal } from '../support/hooks.js';

const READ = '{ devices { totalCount } }';
const VERIFICATIONS = 'latchkey_key_verifications_total';
const OPERATIONS = 'latchkey_graphql_operation_duration_seconds_count';
const REQUESTS = 'latchkey_http_request_duration_seconds_count';
const ERRORS = 'latchkey_graphql_errors_total';

describe('metrics', () => {
  let api: TestPortal;
  usePortal((started) => (api = started), { environment: { API_KEYS_CACHE_SIZE: '1000' } });

  /** How much a metric grows by the time that `work` is done. */
  const growth = async (work: () => Promise<unknown>, name: string, labels?: Record<string, string>) => {
    const before = await Scrape.of(api);
    await work();
    return (await Scrape.of(api)).value(name, labels) - before.value(name, labels);
  };
  /** Waits until a metric of requests shows `work`: an answer is there a moment before its request has ended. */
  const counted = async (work: () => Promise<unknown>, labels: Record<string, string>) => {
    const before = (await Scrape.of(api)).value(REQUESTS, labels);
    await work();
    await until(`${JSON.stringify(labels)} grows`, async () => (await Scrape.of(api)).value(REQUESTS, labels) > before);
  };

  it('/metrics is text that Prometheus reads, in the media type that Prometheus asks for', async () => {
    const response = await fetch(`${api.url}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const scrape = new Scrape(await response.text());
    const declared = [...scrape.text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]);
    expect([...scrape.types].map(([name, type]) => [name, type.toLowerCase()])).toEqual(declared);
    const ours = [...scrape.types].filter(([name]) => name.startsWith('latchkey_'));
    for (const [name, type] of ours) expect([name, type === 'COUNTER']).toEqual([name, name.endsWith('_total')]);
    expect(scrape.value('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('/metrics exports verifications by their source and their outcome', async () => {
    const [good, revoked] = [await api.given.apiKey(), await api.given.apiKey()];
    await api.database.sql('update api_keys set revoked_at = now() where id = $1', [revoked.id]);
    await api.settled(good.tenant.id);
    await api.caughtUp();
    const ask = (key: string) => api.query(READ, { key });
    const unknown = unknownKey();
    const rows: [() => Promise<unknown>, string, string][] = [
      [() => ask(good.secret), 'looked_up', 'accepted'],
      [() => ask(good.secret), 'remembered', 'accepted'],
      [() => ask(revoked.secret), 'looked_up', 'REVOKED_KEY'],
      [() => ask(revoked.secret), 'remembered', 'REVOKED_KEY'],
      [() => ask(unknown), 'looked_up', 'INVALID_KEY'],
      [() => ask(unknown), 'remembered', 'INVALID_KEY'],
      [() => ask('mktp_short'), 'malformed', 'INVALID_KEY'],
    ];
    for (const [work, source, outcome] of rows) {
      const before = await Scrape.of(api);
      await work();
      const after = await Scrape.of(api);
      expect([source, outcome, after.value(VERIFICATIONS) - before.value(VERIFICATIONS)]).toEqual([source, outcome, 1]);
      const of = { source, outcome };
      expect([of, after.value(VERIFICATIONS, of) - before.value(VERIFICATIONS, of)]).toEqual([of, 1]);
    }
  });

  it('/metrics exports a verification of a new secret whose first use cannot be recorded by the answer it got', async () => {
    const { id, secret } = await api.given.apiKey();
    const key = (await askKeys(api, 'rotateApiKey', { input: {} }, { key: secret })).at<string>('rotateApiKey.secret');
    const of = (outcome: string) => ({ source: 'looked_up', outcome });
    const before = await Scrape.of(api);
    const answer = await api.database.holding(`select from api_keys where id = '${id}' for update`, () =>
      api.query(READ, { key }),
    );
    expect(answer.code).toBe('SERVICE_UNAVAILABLE');
    const after = await Scrape.of(api);
    const grown = ['accepted', 'SERVICE_UNAVAILABLE'].map(
      (outcome) => after.value(VERIFICATIONS, of(outcome)) - before.value(VERIFICATIONS, of(outcome)),
    );
    expect(grown).toEqual([0, 1]);
  });

  it('/metrics exports errors by code and reason, including errors of a bad credential', async () => {
    const { secret } = await api.given.apiKey({ scopes: ['alerts:read'] });
    const refused = { code: 'FORBIDDEN', reason: 'MISSING_SCOPE' };
    expect(await growth(() => api.query(READ, { key: secret }), ERRORS, refused)).toBe(1);
    const invalid = { code: 'UNAUTHENTICATED', reason: 'INVALID_SESSION' };
    expect(await growth(() => api.query(READ, { session: 'a.b.c' }), ERRORS, invalid)).toBe(1);
    expect(await growth(() => api.query('{ nothing }'), ERRORS, { code: 'GRAPHQL_VALIDATION_FAILED' })).toBe(1);
  });

  it('/metrics exports operations by name, and those of callers without a good credential as "other"', async () => {
    const { secret } = await api.given.apiKey();
    const named = (name: string) => `query ${name} ${READ}`;
    const ask = (name: string, key?: string) => () => api.query(named(name), key === undefined ? {} : { key });
    expect(await growth(ask('Named', secret), OPERATIONS, { operation: 'Named' })).toBe(1);
    expect(await growth(ask('Anonymous'), OPERATIONS, { operation: 'other' })).toBe(1);
    expect(await growth(() => api.query(READ, { key: secret }), OPERATIONS, { operation: 'unnamed' })).toBe(1);
    const names = (await Scrape.of(api)).labelValues(OPERATIONS, 'operation');
    expect(names).not.toContain('Anonymous');
  });

  it('/metrics exports at most 100 names of operations, however many names clients invent', async () => {
    const { secret } = await api.given.apiKey();
    for (let at = 0; at < 150; at++) await api.query(`query Made${at} { __typename }`, { key: secret });
    expect((await Scrape.of(api)).labelValues(OPERATIONS, 'operation').length).toBeLessThanOrEqual(102);
  });

  it('/metrics exports requests by declared route and status, never by the requested path', async () => {
    await counted(() => fetch(`${api.url}/no/such/path?key=mktp_x`), { route: 'other', status: '404' });
    await counted(() => fetch(`${api.url}/health/live`), { route: '/health/live', status: '200' });
    await counted(() => api.query(READ, { key: 'mktp_short' }), { route: '/graphql', status: '401' });
    expect((await Scrape.of(api)).labelValues(REQUESTS, 'route')).not.toContain('/no/such/path');
  });

  it('/metrics exports the state of the invalidation channel, the pools, the recorder of uses and the limits', async () => {
    await api.settled();
    const { secret } = await api.given.apiKey({ rateLimit: { limit: 1, windowSeconds: 60 } });
    const admitted = { outcome: 'admitted' };
    expect(await growth(() => api.query(READ, { key: secret }), 'latchkey_rate_limit_requests_total', admitted)).toBe(
      1,
    );
    await api.settled();
    const scrape = await Scrape.of(api);
    expect(scrape.value('latchkey_change_channel_state', { state: 'proven' })).toBe(1);
    expect(scrape.value('latchkey_change_channel_state')).toBe(1);
    expect(scrape.value('latchkey_change_channel_lag_seconds')).toBeGreaterThan(0);
    expect(scrape.value('latchkey_leadership_fence_state', { state: 'not needed' })).toBe(1);
    expect(scrape.value('latchkey_verdict_cache_entries', { kind: 'verdict' })).toBeGreaterThan(0);
    expect(scrape.value('latchkey_verdict_cache_capacity')).toBe(1_000);
    expect(scrape.value('latchkey_database_pool_size', { pool: 'requests' })).toBe(8);
    expect(scrape.value('latchkey_database_pool_connections', { pool: 'verification' })).toBeGreaterThan(0);
    expect(scrape.value('latchkey_database_pool_waiting')).toBe(0);
    // Its uses may be written out at any moment.
    await until('uses wait to be written', async () => {
      await api.query(READ, { key: secret });
      return (await Scrape.of(api)).value('latchkey_use_recorder_waiting_keys') > 0;
    });
  });

  it('/metrics names no key, tenant, user or address, and no secret, wherever a client puts one', async () => {
    const key = await api.given.apiKey();
    const { secret } = key;
    await api.query(`query ${secret} { __typename }`, { key: secret });
    await api.query(`query Q { ${secret}: __typename ${secret} }`, { key: secret, operationName: secret });
    await api.query(READ, { key: `${secret}x`, headers: { 'x-request-id': secret } });
    await fetch(`${api.url}/${secret}`, { method: 'PUT' });
    const { text } = await Scrape.of(api);
    expect(new SecretScan([secret, key.admin.session]).tracesIn(text)).toEqual([]);
    const { password, port } = new URL(api.database.url);
    for (const word of [key.id, key.tenant.id, key.admin.id, '127.0.0.1', password, `:${port}`, api.database.name])
      expect(word === '' || !text.includes(word)).toBe(true);
  });
});
