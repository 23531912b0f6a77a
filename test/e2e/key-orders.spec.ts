import type { GivenUser } from '../support/given.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: ApiKeyFilter, $orderBy: ApiKeyOrder) {
  apiKeys(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

/** Name, expiry in days, last use in days from now; null: none. Made in this order. */
const KEYS: [string, number | null, number | null][] = [
  ['delta', 30, -1],
  ['Alpha', null, null],
  ['charlie', 10, -1],
  ['Bravo', 10, -9],
  ['émile', null, -3],
  ['ALPHA', 20, null],
];
/** Rows with equal values stand in the order of their ids; `=` joins such a group. */
const ORDERS: [string, string, string[]][] = [
  ['CREATED_AT', 'ASC', ['delta', 'Alpha', 'charlie', 'Bravo', 'émile', 'ALPHA']],
  ['CREATED_AT', 'DESC', ['ALPHA', 'émile', 'Bravo', 'charlie', 'Alpha', 'delta']],
  ['NAME', 'ASC', ['Alpha=ALPHA', 'Bravo', 'charlie', 'delta', 'émile']],
  ['NAME', 'DESC', ['émile', 'delta', 'charlie', 'Bravo', 'Alpha=ALPHA']],
  ['EXPIRES_AT', 'ASC', ['charlie=Bravo', 'ALPHA', 'delta', 'Alpha=émile']],
  ['EXPIRES_AT', 'DESC', ['delta', 'ALPHA', 'charlie=Bravo', 'Alpha=émile']],
  ['LAST_USED_AT', 'ASC', ['Bravo', 'émile', 'delta=charlie', 'Alpha=ALPHA']],
  ['LAST_USED_AT', 'DESC', ['delta=charlie', 'émile', 'Bravo', 'Alpha=ALPHA']],
];

let api: TestPortal;

describe('orders and filters of keys', () => {
  usePortal((started) => (api = started));

  describe('orders of keys', () => {
    let admin: GivenUser;
    const ids = new Map<string, string>();
    beforeAll(async () => {
      admin = await api.given.user();
      for (const [index, [name, expiresInDays, lastUsedInDays]] of KEYS.entries()) {
        const tenant = { id: String(admin.tenantId), name: '' };
        const { id } = await api.given.apiKey({ tenant, owner: admin, name, scopes: ['devices:read'] });
        ids.set(name, id);
        await api.database.sql(
          `update api_keys set created_at = '2030-01-01'::timestamptz + $2 * interval '1 microsecond',
           expires_at = date_trunc('day', now()) + $3 * interval '1 day',
           last_used_at = date_trunc('day', now()) + $4 * interval '1 day' where id = $1`,
          [id, index, expiresInDays, lastUsedInDays],
        );
      }
    });

    const page = (variables: Record<string, unknown>) => api.query(PAGE, { session: admin.session, variables });
    const expected = (groups: string[], direction: string) =>
      groups.flatMap((group) => {
        const names = group.split('=').sort((one, other) => ((ids.get(one) ?? '') < (ids.get(other) ?? '') ? -1 : 1));
        return direction === 'ASC' ? names : names.reverse();
      });
    /** All names, two a page, towards the end or from the end back. */
    const walk = async (orderBy: object, backwards: boolean): Promise<string[]> => {
      const names: string[] = [];
      for (let cursor: string | undefined, more = true; more;) {
        const at = backwards ? { last: 2, before: cursor } : { first: 2, after: cursor };
        const answer = await page({ orderBy, ...at });
        const got = answer.at<{ name: string }[]>('apiKeys.nodes').map(({ name }) => name);
        if (backwards) names.unshift(...got);
        else names.push(...got);
        cursor = answer.at(`apiKeys.pageInfo.${backwards ? 'startCursor' : 'endCursor'}`);
        more = answer.at(`apiKeys.pageInfo.${backwards ? 'hasPreviousPage' : 'hasNextPage'}`);
      }
      return names;
    };

    it.each(ORDERS)(
      'a list of keys by %s %s has the same order forwards and backwards, nulls last',
      async (field, direction, groups) => {
        const wanted = expected(groups, direction);
        expect(await walk({ field, direction }, false)).toEqual(wanted);
        expect(await walk({ field, direction }, true)).toEqual(wanted);
      },
    );

    it('D45 a list of keys refuses a cursor of another order or another filter', async () => {
      const orderBy = { field: 'NAME', direction: 'ASC' };
      const cursor = (await page({ first: 1, orderBy })).at('apiKeys.pageInfo.endCursor');
      for (const other of [
        {},
        { orderBy: { field: 'NAME', direction: 'DESC' } },
        { orderBy: { field: 'EXPIRES_AT', direction: 'ASC' } },
        { orderBy, filter: { search: 'a' } },
      ]) {
        const answer = await page({ first: 1, after: cursor, ...other });
        expect(answer.problems).toMatchObject([{ path: ['after'], code: 'INVALID_CURSOR' }]);
      }
      expect((await page({ first: 1, after: cursor, orderBy })).code).toBeUndefined();
    });

    it.each([
      [{ field: 'SIZE', direction: 'ASC' }],
      ['NAME'],
      [{ field: 'NAME' }],
      [
        [
          { field: 'NAME', direction: 'ASC' },
          { field: 'NAME', direction: 'ASC' },
        ],
      ],
      [{ field: 'name; drop', direction: 'ASC' }],
    ])('D49 a list of keys refuses the order %j before anything runs', async (orderBy) => {
      const answer = await page({ orderBy });
      expect([answer.status, answer.code]).toEqual([400, 'BAD_USER_INPUT']);
    });
  });
});
