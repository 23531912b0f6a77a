import type { TestPortal } from '../support/test-portal.js';
import { flush, QUIET, READ, times, WRITE } from '../support/usage.js';
import { usePortal } from '../support/hooks.js';

const IMPACT = `query ($ids: [ID!], $ownerId: ID) {
  apiKeyRevocationImpact(ids: $ids, ownerId: $ownerId) { apiKey { id } lastUsedAt requestsLast24h scopesUsedLast30d }
}`;

interface Impact {
  apiKey: { id: string };
  lastUsedAt: string | null;
  requestsLast24h: number;
  scopesUsedLast30d: string[];
}

let api: TestPortal;

describe('impact of a revocation', () => {
  usePortal((started) => (api = started), { config: QUIET });

  it('the impact of a revocation covers the named keys, in their order, or all keys of an owner', async () => {
    const busy = await api.given.apiKey({ scopes: ['devices:read', 'devices:write', 'alerts:read'] });
    const { tenant, admin } = busy;
    const idle = await api.given.apiKey({ tenant });
    const other = await api.given.user({ tenant });
    await api.given.apiKey({ tenant, owner: other });
    const dead = await api.given.apiKey({ tenant });
    await api.database.sql('update api_keys set revoked_at = now() where id = $1', [dead.id]);
    await times(4, () => api.query(READ, { key: busy.secret }));
    await api.query(WRITE, { key: busy.secret });
    await flush(api);
    await api.database.sql(
      `insert into api_key_usage_hours values ($1, date_trunc('hour', now(), 'UTC') - interval '25 hours', $2, 100, 0)`,
      [busy.id, tenant.id],
    );
    const ask = async (variables: Record<string, unknown>) =>
      (await api.query(IMPACT, { session: admin.session, variables })).at<Impact[]>('apiKeyRevocationImpact');
    const nothing = { lastUsedAt: null, requestsLast24h: 0, scopesUsedLast30d: [] };
    const much = {
      apiKey: { id: busy.id },
      lastUsedAt: expect.any(String),
      requestsLast24h: 5,
      scopesUsedLast30d: ['devices:read', 'devices:write'],
    };
    expect(await ask({ ids: [idle.id, busy.id, dead.id] })).toEqual([
      { apiKey: { id: idle.id }, ...nothing },
      much,
      { apiKey: { id: dead.id }, ...nothing },
    ]);
    expect(await ask({ ownerId: admin.id })).toEqual([much, { apiKey: { id: idle.id }, ...nothing }]);
  });

  it('the impact of a revocation costs as many statements for many keys as for one', async () => {
    const key = await api.given.apiKey();
    const more = await Promise.all(Array.from({ length: 9 }, () => api.given.apiKey({ tenant: key.tenant })));
    const ask = (ids: string[]) =>
      api.sqlOf(async () => {
        const answer = await api.query(IMPACT, { session: key.admin.session, variables: { ids } });
        expect(answer.at<unknown[]>('apiKeyRevocationImpact')).toHaveLength(ids.length);
      });
    const forOne = await ask([key.id]);
    expect(await ask([key.id, ...more.map(({ id }) => id)])).toHaveLength(forOne.length);
  });

  it('the impact of a revocation is refused for keys and owners that are unknown or of another tenant', async () => {
    const mine = await api.given.apiKey();
    const theirs = await api.given.apiKey();
    const nowhere = '00000000-0000-4000-8000-000000000000';
    const ask = (variables: Record<string, unknown>) =>
      api.query(IMPACT, { session: mine.admin.session, variables, headers: { 'x-request-id': 'same' } });
    for (const [foreign, none] of [
      [{ ids: [mine.id, theirs.id] }, { ids: [mine.id, nowhere] }],
      [{ ownerId: theirs.admin.id }, { ownerId: nowhere }],
    ] as const) {
      const answer = await ask(foreign);
      expect(answer.code).toBe('NOT_FOUND');
      expect(answer.text).toBe((await ask(none)).text);
    }
  });

  it.each([
    ['neither', {}, [['ids']], ['REQUIRED']],
    ['both', { ids: [], ownerId: 'x' }, [['ids'], ['ids'], ['ownerId']], ['REQUIRED', 'TOO_SHORT', 'MALFORMED']],
    ['no UUID', { ids: ['x'] }, [['ids', 0]], ['MALFORMED']],
    ['too many', { ids: Array(101).fill('00000000-0000-4000-8000-000000000000') }, [['ids']], ['TOO_MANY']],
  ])('the impact of a revocation needs ids or an owner, and refuses %s', async (_, variables, paths, codes) => {
    const { session } = await api.given.user();
    const answer = await api.query(IMPACT, { session, variables });
    expect(answer.problems.map(({ path }) => path)).toEqual(paths);
    expect(answer.problems.map(({ code }) => code)).toEqual(codes);
  });
});
