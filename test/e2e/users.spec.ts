import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const USERS = `query ($first: Int, $after: String) {
  users(first: $first, after: $after) { nodes { name } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount }
}`;
interface Users {
  nodes: { name: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
  totalCount: number;
}

describe('users of a tenant', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  /** A tenant with an admin and people of these names. */
  async function staff(...names: string[]) {
    const tenant = await api.given.tenant();
    const admin = await api.given.admin(tenant);
    for (const name of names) {
      const { id } = await api.given.user({ tenant, role: 'VIEWER' });
      await api.database.sql(`update users set name = $2 where id = $1`, [id, name]);
    }
    await api.database.sql(`update users set name = 'The Admin' where id = $1`, [admin.id]);
    return { tenant, admin };
  }
  const ask = async (session: string, variables: Record<string, unknown> = {}) =>
    (await api.query(USERS, { session, variables })).at<Users>('users');

  it('users are people and service accounts alike, with all that is known of them', async () => {
    const { tenant, admin } = await staff();
    const service = await api.given.user({ tenant, role: 'OPERATOR', kind: 'SERVICE' });
    await api.database.sql(`update users set name = 'CI', is_active = false where id = $1`, [service.id]);
    const answer = await api.query(`{ users { nodes { id name email kind role isActive } } }`, {
      session: admin.session,
    });
    const { id, email } = admin;
    expect(answer.at('users.nodes')).toEqual([
      { id: service.id, name: 'CI', email: service.email, kind: 'SERVICE', role: 'OPERATOR', isActive: false },
      { id, name: 'The Admin', email, kind: 'HUMAN', role: 'TENANT_ADMIN', isActive: true },
    ]);
  });

  it('users are listed by name without regard to case, page by page, each once', async () => {
    const { admin } = await staff('bob', 'Ada', 'Zoë', 'ada', 'éva', 'Bob', 'bob');
    const seen: string[] = [];
    let page = await ask(admin.session, { first: 3 });
    const flags = [page.pageInfo];
    seen.push(...page.nodes.map(({ name }) => name));
    while (page.pageInfo.hasNextPage) {
      page = await ask(admin.session, { first: 3, after: page.pageInfo.endCursor });
      flags.push(page.pageInfo);
      seen.push(...page.nodes.map(({ name }) => name));
    }
    expect(seen.map((name) => name.toLowerCase())).toEqual([
      'ada',
      'ada',
      'bob',
      'bob',
      'bob',
      'the admin',
      'zoë',
      'éva',
    ]);
    expect(flags.map(({ hasPreviousPage }) => hasPreviousPage)).toEqual([false, true, true]);
    expect([...seen].sort()).toEqual(['Ada', 'Bob', 'The Admin', 'Zoë', 'ada', 'bob', 'bob', 'éva']);
    expect(page.totalCount).toBe(8);
  });

  it('users are counted only when asked for', async () => {
    const { admin } = await staff();
    const counts = async (query: string) => {
      const sql = await api.sqlOf(() => api.query(query, { session: admin.session }));
      return sql.filter((statement) => statement.includes('count(*)')).length;
    };
    expect([await counts(`{ users { nodes { id } } }`), await counts(`{ users { totalCount } }`)]).toEqual([0, 1]);
  });

  it('the list of users shows those of the tenant, and none of another tenant or of the platform', async () => {
    const { tenant, admin } = await staff();
    await staff('Someone else');
    const platform = await api.given.user({ role: 'SUPER_ADMIN' });
    const expected = { nodes: [{ name: 'The Admin' }], totalCount: 1 };
    expect(await ask(admin.session)).toMatchObject(expected);
    const headers = { 'x-tenant-id': tenant.id };
    expect((await api.query(USERS, { session: platform.session, headers })).at('users')).toMatchObject(expected);
  });

  it.each([
    [{ first: 0 }, 'OUT_OF_RANGE', 'first'],
    [{ first: 101 }, 'OUT_OF_RANGE', 'first'],
    [{ after: 'x' }, 'INVALID_CURSOR', 'after'],
  ])('the list of users refuses %j', async (variables, code, argument) => {
    const { admin } = await staff();
    const answer = await api.query(USERS, { session: admin.session, variables });
    expect(answer.errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      problems: [{ code, path: [argument] }],
    });
  });

  it('only sessions of admins list users', async () => {
    const { secret, tenant } = await api.given.apiKey();
    const viewer = await api.given.user({ tenant, role: 'VIEWER' });
    const operator = await api.given.user({ tenant, role: 'OPERATOR' });
    const refusalFor = async (credential: { key?: string; session?: string }) => {
      const { status, reason } = await api.query(USERS, credential);
      return [status, reason];
    };
    expect(await refusalFor({ key: secret })).toEqual([403, 'SESSION_REQUIRED']);
    expect(await refusalFor({ session: viewer.session })).toEqual([403, 'ROLE_REQUIRED']);
    expect(await refusalFor({ session: operator.session })).toEqual([403, 'ROLE_REQUIRED']);
  });
});
