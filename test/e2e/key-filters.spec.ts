import { inDays } from '../support/durations.js';
import type { GivenUser } from '../support/given.js';
import { usePortal } from '../support/hooks.js';
import type { TestPortal } from '../support/test-portal.js';

let api: TestPortal;

describe('filters of keys', () => {
  usePortal((started) => (api = started));

  let admin: GivenUser;
  let colleague: GivenUser;
  beforeAll(async () => {
    admin = await api.given.user();
    const tenant = { id: String(admin.tenantId), name: '' };
    colleague = await api.given.user({ tenant });
    const make = (name: string, more: Record<string, unknown> = {}) =>
      api.given.apiKey({ tenant, owner: admin, name, scopes: ['devices:read'], ...more });
    await make('plain');
    await make('percent %_\\ "x" \'y\' $1 ?', { owner: colleague });
    await make('(a+)+$', { scopes: ['devices:read', 'config:read'] });
    const soon = await make('soon', { description: 'Nightly BACKUP of Zürich' });
    const used = await make('used');
    const suspended = await make('suspended');
    const revoked = await make('revoked');
    const expired = await make('expired');
    const sql = (text: string, id: string) => api.database.sql(`update api_keys set ${text} where id = $1`, [id]);
    await sql(`key_prefix = 'mktp_ZzZz'`, used.id);
    await sql(`expires_at = now() + interval '2 days'`, soon.id);
    await sql(`last_used_at = now() - interval '1 day'`, used.id);
    await sql('suspended_at = now()', suspended.id);
    await sql('revoked_at = now()', revoked.id);
    await sql('expires_at = now()', expired.id);
  });

  const ALIVE = ['plain', 'percent %_\\ "x" \'y\' $1 ?', '(a+)+$', 'soon', 'used', 'suspended'];
  const ask = (filter: Record<string, unknown>) =>
    api.query(`query ($filter: ApiKeyFilter) { apiKeys(first: 100, filter: $filter) { totalCount nodes { name } } }`, {
      session: admin.session,
      variables: { filter },
    });

  it.each([
    ['nothing: all but revoked and expired ones', () => ({}), ALIVE],
    ['status REVOKED', () => ({ status: ['REVOKED'] }), ['revoked']],
    ['status EXPIRED or SUSPENDED', () => ({ status: ['EXPIRED', 'SUSPENDED'] }), ['suspended', 'expired']],
    ['no status at all', () => ({ status: [] }), []],
    ['an owner', () => ({ ownerId: colleague.id.toUpperCase() }), [ALIVE[1]]],
    ['an owner that nobody is', () => ({ ownerId: '00000000-0000-4000-8000-000000000000' }), []],
    ['a scope', () => ({ scope: 'config:read' }), ['(a+)+$']],
    ['a scope that is none', () => ({ scope: 'devices' }), []],
    ['text in a name, in any case', () => ({ search: 'SOO' }), ['soon']],
    ['text in a description', () => ({ search: 'backup of zÜRICH' }), ['soon']],
    ['text in a key prefix', () => ({ search: '_zzzz' }), ['used']],
    ['text with %', () => ({ search: '%' }), [ALIVE[1]]],
    ['text with _\\', () => ({ search: '_\\' }), [ALIVE[1]]],
    ['text with quotes', () => ({ search: `"x" 'y'` }), [ALIVE[1]]],
    ['text with $1 ?', () => ({ search: '$1 ?' }), [ALIVE[1]]],
    ['text that a regular expression would choke on', () => ({ search: '(a+)+$' }), ['(a+)+$']],
    ['text that spans two members', () => ({ search: 'soon Nightly' }), []],
    ['an expiry before', () => ({ expiresBefore: inDays(3) }), ['soon']],
    ['an expiry before, too early', () => ({ expiresBefore: inDays(1) }), []],
    ['no use since', () => ({ notUsedSince: inDays(-0.5) }), ALIVE],
    ['no use since, earlier', () => ({ notUsedSince: inDays(-2) }), ALIVE.filter((name) => name !== 'used')],
    ['several members, which all must hold', () => ({ search: 'p', status: ['EXPIRED'] }), ['expired']],
  ] as [string, () => Record<string, unknown>, string[]][])(
    'a filter of keys selects by %s',
    async (_, filter, names) => {
      const answer = await ask(filter());
      const got = answer.at<{ name: string }[]>('apiKeys.nodes').map(({ name }) => name);
      expect(got.sort()).toEqual([...names].sort());
      expect(answer.at('apiKeys.totalCount')).toBe(names.length);
    },
  );

  it.each([
    ['an owner that is no UUID', { ownerId: 'x' }, 'ownerId', 'MALFORMED'],
    ['a search with NUL', { search: 'a\u0000' }, 'search', 'MALFORMED'],
    ['a search of half a character', { search: '\ud800' }, 'search', 'MALFORMED'],
    ['a search of 10 kB', { search: 'x'.repeat(10_000) }, 'search', 'TOO_LONG'],
    [
      'an expiry before a year that no client can read',
      { expiresBefore: '9999-12-31T23:59:59-01:00' },
      'expiresBefore',
      'OUT_OF_RANGE',
    ],
    ['no use since the year 0', { notUsedSince: '0001-01-01T00:00:00+01:00' }, 'notUsedSince', 'OUT_OF_RANGE'],
    ['a scope with NUL', { scope: 'a\u0000' }, 'scope', 'MALFORMED'],
  ])('a filter of keys refuses %s', async (_, filter, member, code) => {
    const answer = await ask(filter);
    expect(answer.problems).toMatchObject([{ path: ['filter', member], code }]);
  });

  it('a filter of keys counts only when the count is asked for', async () => {
    const document = (members: string) => `{ apiKeys { ${members} } }`;
    const counts = async (members: string) =>
      (await api.sqlOf(() => api.query(document(members), { session: admin.session }))).filter((sql) =>
        sql.includes('count(*)'),
      ).length;
    expect([await counts('nodes { id }'), await counts('totalCount nodes { id }')]).toEqual([0, 1]);
  });
});
