import { randomUUID } from 'node:crypto';
import type { GivenTenant, GivenUser } from '../support/given.js';
import { GivenResources } from '../support/given-resources.js';
import { usePortal } from '../support/hooks.js';
import type { TestPortal } from '../support/test-portal.js';
import { deliveriesOf, makeEndpoint } from '../support/webhooks.js';

const COUNT = 5;
const FIRST = `timestamptz '2026-01-01T00:00:00.0009Z'`;

/** Instants are stored to the microsecond and printed to the millisecond: rows of one millisecond look alike to a client. */
describe('lists whose rows lie within a millisecond', () => {
  let api: TestPortal;
  let given: GivenResources;
  let tenant: GivenTenant;
  let admin: GivenUser;
  let deviceId: string;
  let endpointId: string;
  usePortal(async (started) => {
    api = started;
    given = new GivenResources(api);
    tenant = await api.given.tenant();
    admin = await api.given.admin(tenant);
    const device = await api.given.device({ tenant });
    ({ id: deviceId } = device);
    ({ id: endpointId } = await makeEndpoint(api, admin));
    for (let count = 0; count < COUNT; count++) {
      await given.alert({ tenant, device });
      await given.configBackup({ tenant, device, content: randomUUID() });
      await api.given.apiKey({ tenant });
    }
    for (const [table, columns] of [
      ['alerts', ['fired_at']],
      ['config_backups', ['created_at']],
      ['api_keys', ['created_at', 'expires_at', 'last_used_at']],
      ['api_key_events', ['at']],
      ['webhook_deliveries', ['created_at']],
    ] as const)
      await api.database.sql(
        `update ${table} set ${columns.map((column) => `${column} = ${FIRST} + place.n * interval '50 microseconds'`).join()}
         from (select id as row_id, row_number() over (order by id) as n from ${table} where tenant_id = $1) as place
         where place.row_id = ${table}.id`,
        [tenant.id],
      );
  });

  const ask = (query: string, variables: Record<string, unknown> = {}) =>
    api.query(query, { session: admin.session, variables });
  const KEYS = `filter: { status: [ACTIVE, EXPIRED] }`;

  it.each<[string, string, (list: string) => string]>([
    ['alerts', 'alerts', (list) => `{ ${list} }`],
    ['alerts of a device', 'alerts', (list) => `{ device(id: "${deviceId}") { ${list} } }`],
    ['configuration backups', 'configBackups', (list) => `{ ${list} }`],
    ['configuration backups of a device', 'configBackups', (list) => `{ device(id: "${deviceId}") { ${list} } }`],
    ['events', 'apiKeyEvents', (list) => `{ ${list} }`],
    ['deliveries', 'deliveries', (list) => `{ webhookEndpoint(id: "${endpointId}") { ${list} } }`],
    ...['CREATED_AT', 'EXPIRES_AT', 'LAST_USED_AT'].map((field): [string, string, (list: string) => string] => [
      `keys by ${field}`,
      'apiKeys',
      (list) => `{ ${list.replace('(', `(${KEYS}, orderBy: { field: ${field}, direction: ASC }, `)} }`,
    ]),
  ])('a list of %s is paged without gap or repetition, in every direction that it has', async (_, name, within) => {
    const walk = async (size: 'first' | 'last', cursor: 'after' | 'before', next: 'endCursor' | 'startCursor') => {
      const ids: string[] = [];
      for (let at: string | null = null, isMore = true; isMore && ids.length < 10 * COUNT;) {
        const page = `(${size}: 2${at === null ? '' : `, ${cursor}: ${JSON.stringify(at)}`})`;
        const fields = '{ nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }';
        const answer = await ask(within(`${name}${page} ${fields}`));
        const text = JSON.stringify(answer.body.data);
        const found = [...text.matchAll(/"id":"([\w-]+)"/g)].map(([, id = '']) => id);
        ids.push(...(size === 'first' ? found : found.toReversed()));
        isMore = text.includes(size === 'first' ? '"hasNextPage":true' : '"hasPreviousPage":true');
        at = new RegExp(`"${next}":"([^"]+)"`).exec(text)?.[1] ?? null;
      }
      return ids;
    };
    const forwards = await walk('first', 'after', 'endCursor');
    expect(forwards.length).toBeGreaterThanOrEqual(COUNT);
    expect(new Set(forwards).size).toBe(forwards.length);
    if (name === 'apiKeys') expect((await walk('last', 'before', 'startCursor')).toReversed()).toEqual(forwards);
  });

  it('failed deliveries since the instant of one of them, as it is printed, are sent again with it', async () => {
    await api.database.sql(
      `update webhook_deliveries set status = 'FAILED', next_attempt_at = null where endpoint_id = $1`,
      [endpointId],
    );
    const shown = await ask(
      `{ webhookEndpoint(id: "${endpointId}") { deliveries(first: 100) { nodes { createdAt } } } }`,
    );
    const instants = shown.at<{ createdAt: string }[]>('webhookEndpoint.deliveries.nodes').map((one) => one.createdAt);
    const [newest] = instants;
    const input = { endpointId, failedSince: newest };
    const replay =
      'mutation ($input: ReplayWebhookDeliveriesInput!) { replayWebhookDeliveries(input: $input) { count } }';
    const { length } = instants.filter((instant) => instant === newest);
    expect((await ask(replay, { input })).at('replayWebhookDeliveries.count')).toBe(length);
    expect((await deliveriesOf(api, admin, endpointId)).filter(({ status }) => status === 'PENDING')).toHaveLength(
      length,
    );
  });

  it.each([
    ['createdAfter', (found: string, at: string) => found > at],
    ['createdBefore', (found: string, at: string) => found < at],
    ['expiresAfter', (found: string, at: string) => found > at],
    ['expiresBefore', (found: string, at: string) => found < at],
    ['usedSince', (found: string, at: string) => found >= at],
    ['notUsedSince', (found: string, at: string) => found < at],
  ])('the filter %s compares instants of keys as they are printed', async (member, isWanted) => {
    const list = async (filter: object) => {
      const query = 'query ($filter: ApiKeyFilter) { apiKeys(first: 100, filter: $filter) { nodes { createdAt } } }';
      const answer = await ask(query, { filter: { status: ['ACTIVE', 'EXPIRED'], ...filter } });
      return answer.at<{ createdAt: string }[]>('apiKeys.nodes').map(({ createdAt }) => createdAt);
    };
    const all = await list({});
    expect(new Set(all).size).toBe(2);
    for (const at of all) expect(await list({ [member]: at })).toEqual(all.filter((found) => isWanted(found, at)));
  });
});
