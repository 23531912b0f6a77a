import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const WHO = '{ viewer { kind scopes } }';
const DEVICES = '{ devices { totalCount } }';

describe('a row of a key that somebody edited by hand', () => {
  let api: TestPortal;
  usePortal((started) => (api = started));

  const edit = (id: string, column: 'expires_at' | 'scopes', value: string) =>
    api.database.sql(`update api_keys set ${column} = ${value} where id = $1`, [id]);

  it.each([
    ['null', 200, undefined],
    [`'9999-12-31'`, 200, undefined],
    [`'0044-03-15 BC'`, 401, 'EXPIRED_KEY'],
    [`'infinity'`, undefined, '23514'],
    [`'-infinity'`, undefined, '23514'],
    [`'10000-01-01'`, undefined, '23514'],
  ])('(T31) to expire at %s: %s %s', async (expiry, status, outcome) => {
    const { id, secret } = await api.given.apiKey();
    if (status === undefined) return expect(edit(id, 'expires_at', expiry)).rejects.toMatchObject({ code: outcome });
    await edit(id, 'expires_at', expiry);
    await api.caughtUp();
    const answer = await api.query(WHO, { key: secret });
    expect([answer.status, answer.reason]).toEqual([status, outcome]);
  });

  it.each([
    [`'null'`, '23514'],
    [`'{}'`, '23514'],
    [`'"devices:read"'`, '23514'],
    [`'7'`, '23514'],
    ['null', '23502'],
  ])('(T41) to have the scopes %s is refused by the table', async (scopes, code) => {
    const { id } = await api.given.apiKey();
    await expect(edit(id, 'scopes', scopes)).rejects.toMatchObject({ code });
  });

  it.each([
    ['numbers', `'[1, 2]'`, []],
    ['a scope among what is none', `'["alerts:read", null, ["devices:read"], {"a": 1}, 7]'`, ['alerts:read']],
    ['names that mean something elsewhere', `'["*", "__proto__", "devices:*", "DEVICES:READ"]'`, []],
    ['a megabyte', `to_jsonb(array_fill('x'::text, array[250000]))`, []],
    ['lists in lists', `('[' || repeat('[', 4000) || repeat(']', 4000) || ']')::jsonb`, []],
  ])('(T41) to have %s as scopes opens what of it is a scope, and nothing more', async (_, scopes, opened) => {
    const { id, secret, admin } = await api.given.apiKey();
    await edit(id, 'scopes', scopes);
    await api.caughtUp();
    expect((await api.query(WHO, { key: secret })).at('viewer.scopes')).toEqual(opened);
    const answer = await api.query(DEVICES, { key: secret });
    expect([answer.status, answer.reason]).toEqual([403, 'MISSING_SCOPE']);
    expect((await api.query(WHO, { session: admin.session })).status).toBe(200);
    await edit(id, 'scopes', `'[]'`);
  });
});
