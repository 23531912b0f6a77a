import type { GivenKey, GivenUser } from '../support/given.js';
import { askKeys, type KeyOperation } from '../support/key-operations.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const EVENTS = `query ($first: Int, $after: String, $filter: ApiKeyEventFilter) {
  apiKeyEvents(first: $first, after: $after, filter: $filter) {
    nodes { id at kind apiKeyId apiKeyName actor { id } actorName actorKeyId ip changes } pageInfo { hasNextPage endCursor }
  }
}`;
interface Event {
  id: string;
  at: string;
  kind: string;
  apiKeyId: string | null;
  actor: { id: string } | null;
  actorName: string | null;
  actorKeyId: string | null;
  changes: Record<string, { old: unknown; new: unknown }>;
}

describe('events of keys', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  const ask = (session: string, variables: Record<string, unknown> = {}) => api.query(EVENTS, { session, variables });
  const events = async (session: string, variables: Record<string, unknown> = {}) =>
    (await ask(session, variables)).at<Event[]>('apiKeyEvents.nodes');
  const act = (operation: KeyOperation, key: GivenKey, variables: Record<string, unknown>) =>
    askKeys(api, operation, variables, { session: key.admin.session });
  /** A key that has gone through everything, and its heir. */
  const lived = async (): Promise<{ key: GivenKey; heir: GivenUser }> => {
    const key = await api.given.apiKey();
    const { id } = key;
    const heir = await api.given.user({ tenant: key.tenant, role: 'OPERATOR' });
    await act('updateApiKey', key, { input: { id, name: 'renamed' } });
    await act('rotateApiKey', key, { input: { id } });
    await act('completeApiKeyRotation', key, { id, force: true });
    await act('suspendApiKey', key, { id });
    await act('resumeApiKey', key, { id });
    await act('transferApiKey', key, { id, ownerId: heir.id });
    await act('revokeApiKeys', key, { input: { ids: [id], reason: 'OWNER_LEFT' } });
    return { key, heir };
  };

  it('events of keys record every change, newest first, with old and new values', async () => {
    const { key, heir } = await lived();
    const recorded = await events(key.admin.session, { filter: { apiKeyId: key.id } });
    expect(recorded.map(({ kind }) => kind)).toEqual([
      'REVOKED',
      'TRANSFERRED',
      'RESUMED',
      'SUSPENDED',
      'ROTATION_COMPLETED',
      'ROTATED',
      'UPDATED',
      'CREATED',
    ]);
    const changes = recorded.map((event) => Object.keys(event.changes).sort().join(' '));
    expect(changes).toEqual([
      'revocationReason revokedAt',
      'ownerId',
      'suspendedAt',
      'suspendedAt',
      'previousExpiresAt',
      'keyPrefix previousExpiresAt',
      'name',
      'keyPrefix name ownerId scopes',
    ]);
    expect(recorded[1]?.changes).toEqual({ ownerId: { old: key.admin.id, new: heir.id } });
    expect(recorded.every(({ actor, actorKeyId }) => actor?.id === key.admin.id && actorKeyId === null)).toBe(true);
    expect(JSON.stringify(recorded)).not.toMatch(/[0-9a-f]{64}|mktp_\w{5}/);
  });

  it('an event keeps the name of a deleted actor, who is not shown as the system', async () => {
    const key = await api.given.apiKey();
    const leaver = await api.given.user({ tenant: key.tenant });
    await askKeys(api, 'suspendApiKey', { id: key.id }, { session: leaver.session });
    await api.database.sql('delete from users where id = $1', [leaver.id]);
    const [suspended] = await events(key.admin.session, { filter: { actorId: leaver.id } });
    expect(suspended).toMatchObject({ kind: 'SUSPENDED', actor: null, actorName: leaver.email, actorKeyId: null });
  });

  it('events of keys are paged without gap or repetition', async () => {
    const { key } = await lived();
    const all = await events(key.admin.session, { first: 100 });
    const paged: Event[] = [];
    for (let after: string | undefined, more = true; more;) {
      const answer = await ask(key.admin.session, { first: 3, after });
      paged.push(...answer.at<Event[]>('apiKeyEvents.nodes'));
      after = answer.at('apiKeyEvents.pageInfo.endCursor');
      more = answer.at('apiKeyEvents.pageInfo.hasNextPage');
    }
    expect(paged).toEqual(all);
    expect(all).toHaveLength(8);
  });

  it('events of keys are filtered by key, kind, actor and time', async () => {
    const { key } = await lived();
    const other = await api.given.apiKey({ tenant: key.tenant });
    const [newest, , , , fifth] = await events(key.admin.session, { filter: { apiKeyId: key.id } });
    const kinds = async (filter: object) => (await events(key.admin.session, { filter })).map(({ kind }) => kind);
    expect(await kinds({ apiKeyId: other.id })).toEqual(['CREATED']);
    expect(await kinds({ kind: ['RESUMED', 'SUSPENDED'] })).toEqual(['RESUMED', 'SUSPENDED']);
    expect(await kinds({ kind: [] })).toEqual([]);
    expect(await kinds({ actorId: other.id })).toEqual([]);
    expect(await kinds({ apiKeyId: key.id, before: fifth?.at })).not.toContain('ROTATION_COMPLETED');
    expect(await kinds({ apiKeyId: key.id, after: fifth?.at, before: newest?.at })).not.toContain('ROTATED');
    expect(await kinds({ after: '2099-01-01T00:00:00Z' })).toEqual([]);
    // D50: a span that ends before it begins holds nothing.
    expect(await kinds({ after: newest?.at, before: fifth?.at })).toEqual([]);
  });

  it('a client that polls events after the instant of the last event misses none and gets none twice', async () => {
    const { key } = await lived();
    // In one millisecond, and on both sides of its end.
    await api.database.sql(
      `update api_key_events set at = '2026-01-01T00:00:00.0009Z'::timestamptz + place.n * interval '50 microseconds'
       from (select id, row_number() over (order by at) as n from api_key_events where api_key_id = $1) as place
       where place.id = api_key_events.id`,
      [key.id],
    );
    const all = await events(key.admin.session, { filter: { apiKeyId: key.id } });
    expect(new Set(all.map(({ at }) => at)).size).toBeGreaterThan(1);
    for (const { at } of all) {
      const filtered = async (filter: object) =>
        (await events(key.admin.session, { filter: { apiKeyId: key.id, ...filter } })).map((event) => event.at);
      expect(await filtered({ after: at })).toEqual(all.map((event) => event.at).filter((other) => other > at));
      expect(await filtered({ before: at })).toEqual(all.map((event) => event.at).filter((other) => other < at));
    }
  });

  it.each([
    [{ filter: { apiKeyId: 'x', actorId: 'y' } }, ['filter', 'apiKeyId'], 'MALFORMED'],
    [{ first: 0 }, ['first'], 'OUT_OF_RANGE'],
    [{ after: '!!!' }, ['after'], 'INVALID_CURSOR'],
  ])('the list of events refuses %j', async (variables, path, code) => {
    const { session } = await api.given.user();
    const answer = await ask(session, variables);
    expect([answer.status, answer.code]).toEqual([200, 'BAD_USER_INPUT']);
    expect(answer.problems).toContainEqual(expect.objectContaining({ path, code }));
  });

  it('events of keys report all problems of their page and their filter at once', async () => {
    const { session } = await api.given.user();
    const answer = await ask(session, { first: 0, filter: { apiKeyId: 'x' } });
    expect(answer.problemCodes).toEqual([
      ['filter.apiKeyId', 'MALFORMED'],
      ['first', 'OUT_OF_RANGE'],
    ]);
  });

  it('events of another tenant are not shown, with any filter', async () => {
    const { key } = await lived();
    const { session } = await api.given.user();
    expect(await events(session, { filter: { apiKeyId: key.id } })).toEqual([]);
    expect(await events(session, { filter: { actorId: key.admin.id } })).toEqual([]);
  });

  it('all actors of a page of events are read at once', async () => {
    const { key } = await lived();
    const statements = await api.sqlOf(() => ask(key.admin.session));
    expect(statements.filter((sql) => /from "users"/.test(sql))).toHaveLength(1);
  });
});
