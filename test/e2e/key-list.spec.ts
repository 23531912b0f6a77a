import type { Answer } from '../support/answer.js';
import { askKeys } from '../support/key-operations.js';
import { ownTenant } from '../support/own-tenant.js';

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: ApiKeyFilter) {
  apiKeys(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

describe('list of keys', () => {
  const own = ownTenant();

  const make = async (count: number) => {
    for (let index = 0; index < count; index++) await own.api.given.apiKey({ tenant: own.tenant });
    const rows = await own.api.database.sql<{ id: string }>(
      'select id from api_keys where tenant_id = $1 order by created_at desc, id desc',
      [own.tenant.id],
    );
    return rows.map(({ id }) => id);
  };
  const idsOf = (answer: Answer) => answer.at<{ id: string }[]>('apiKeys.nodes').map(({ id }) => id);

  it('a list of keys is paged forwards and backwards, newest first, without gap or repetition', async () => {
    const ids = await make(5);
    const first = await own.ask(PAGE, { first: 2 });
    expect(idsOf(first)).toEqual(ids.slice(0, 2));
    expect(first.at('apiKeys.totalCount')).toBe(5);
    expect(first.at('apiKeys.pageInfo')).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await own.ask(PAGE, { first: 2, after: first.at('apiKeys.pageInfo.endCursor') });
    expect(idsOf(second)).toEqual(ids.slice(2, 4));
    const third = await own.ask(PAGE, { first: 2, after: second.at('apiKeys.pageInfo.endCursor') });
    expect(idsOf(third)).toEqual(ids.slice(4));
    expect(third.at('apiKeys.pageInfo.hasNextPage')).toBe(false);
    const back = await own.ask(PAGE, { last: 2, before: third.at('apiKeys.pageInfo.startCursor') });
    expect(idsOf(back)).toEqual(ids.slice(2, 4));
    const last = await own.ask(PAGE, { last: 3 });
    expect(idsOf(last)).toEqual(ids.slice(2));
  });

  it('a list of keys leaves out revoked keys by default', async () => {
    const [newest = '', ...others] = await make(3);
    await askKeys(own.api, 'revokeApiKeys', { input: { ids: [newest] } }, own.admin);
    expect(idsOf(await own.ask(PAGE))).toEqual(others);
    expect(idsOf(await own.ask(PAGE, { filter: { status: ['REVOKED'] } }))).toEqual([newest]);
    expect(idsOf(await own.ask(PAGE, { filter: { status: [] } }))).toEqual([]);
  });

  it.each([
    ['ΟΔΟΣ', 'οδός'.replace('ό', 'ο')],
    ['Straße', 'STRASSE'],
    ['congreſs', 'CONGRESS'],
    ['İzmir', 'i\u0307zmir'],
  ])('a search finds %s by %s: case does not count in any script', async (name, search) => {
    const { id } = await own.api.given.apiKey({ tenant: own.tenant, name: `x ${name} y` });
    const described = await own.api.given.apiKey({ tenant: own.tenant, description: `x\n${name}\ny` });
    expect(idsOf(await own.ask(PAGE, { filter: { search } }))).toEqual([described.id, id]);
    expect(idsOf(await own.ask(PAGE, { filter: { search: `x\n${search}` } }))).toEqual([described.id]);
  });

  it('a search accepts an invisible character, and finds nothing by it', async () => {
    await make(1);
    expect(idsOf(await own.ask(PAGE, { filter: { search: '\u200b' } }))).toEqual([]);
  });

  it('a list of keys counts only when asked for the total', async () => {
    const sql = await own.api.sqlOf(() => own.ask('{ apiKeys { nodes { id } } }'));
    expect(sql.filter((statement) => statement.includes('count('))).toEqual([]);
  });

  it('a list of keys reads the owners of all its keys at once', async () => {
    await make(4);
    const sql = await own.api.sqlOf(() => own.ask('{ apiKeys { nodes { owner { name } createdBy { name } } } }'));
    expect(sql.filter((statement) => /from "users"/.test(statement))).toHaveLength(1);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ['first 0', { first: 0 }, 'first', 'OUT_OF_RANGE'],
    ['first 101', { first: 101 }, 'first', 'OUT_OF_RANGE'],
    ['last -1', { last: -1 }, 'last', 'OUT_OF_RANGE'],
    ['both first and last', { first: 1, last: 1 }, 'last', 'MALFORMED'],
    ['after with last', { last: 1, after: 'x' }, 'after', 'MALFORMED'],
    ['before without last', { before: 'x' }, 'before', 'MALFORMED'],
    ['a cursor of nonsense', { after: '!!!' }, 'after', 'INVALID_CURSOR'],
    [
      'a cursor made up',
      { after: Buffer.from('{"createdAt":{"$gt":"1970"}}').toString('base64url') },
      'after',
      'INVALID_CURSOR',
    ],
  ])('a list of keys refuses a page with %s and names the argument', async (_, variables, path, code) => {
    const answer = await own.ask(PAGE, variables);
    expect(answer.code).toBe('BAD_USER_INPUT');
    expect(answer.problems).toMatchObject([{ path: [path], code }]);
  });

  it('a list of keys reports all problems of its page and its filter at once', async () => {
    const answer = await own.ask(PAGE, { first: 0, filter: { ownerId: 'x' } });
    expect(answer.problemCodes).toEqual([
      ['filter.ownerId', 'MALFORMED'],
      ['first', 'OUT_OF_RANGE'],
    ]);
  });

  it('a list of keys refuses the cursor of another filter', async () => {
    await make(1);
    const cursor = (await own.ask(PAGE)).at('apiKeys.pageInfo.endCursor');
    const answer = await own.ask(PAGE, { after: cursor, filter: { status: ['ACTIVE'] } });
    expect(answer.problems).toMatchObject([{ path: ['after'], code: 'INVALID_CURSOR' }]);
  });

  it('only sessions list keys, and a session below TENANT_ADMIN lists its own', async () => {
    const { secret } = await own.api.given.apiKey({ tenant: own.tenant });
    const byKey = await own.api.query(PAGE, { key: secret });
    expect([byKey.status, byKey.reason]).toEqual([403, 'SESSION_REQUIRED']);
    const operator = await own.api.given.user({ tenant: own.tenant, role: 'OPERATOR' });
    const { id } = await own.api.given.apiKey({ tenant: own.tenant, owner: operator });
    expect(idsOf(await own.api.query(PAGE, { session: operator.session }))).toEqual([id]);
  });
});
