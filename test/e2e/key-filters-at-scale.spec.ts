import { UseRecorder } from '#api-keys';
import type { Answer } from '../support/answer.js';
import { inDays } from '../support/durations.js';
import type { GivenKey } from '../support/given.js';
import { ownTenant } from '../support/own-tenant.js';
import { until } from '../support/until.js';

const LIST = 'query ($filter: ApiKeyFilter) { apiKeys(filter: $filter, first: 100) { totalCount nodes { id } } }';
const REVOKE = `mutation ($input: RevokeApiKeysInput!) { revokeApiKeys(input: $input) { count apiKeys { id status } } }`;

describe('finding and clearing keys', () => {
  const own = ownTenant();
  const idsOf = (answer: Answer) => {
    const { totalCount, nodes } = answer.at<{ totalCount: number; nodes: { id: string }[] }>('apiKeys');
    expect(nodes).toHaveLength(totalCount);
    return nodes.map(({ id }) => id).toSorted();
  };
  const listed = async (filter: Record<string, unknown>) => idsOf(await own.ask(LIST, { filter }));
  const key = (input: Record<string, unknown> = {}): Promise<GivenKey> =>
    own.api.given.apiKey({ tenant: own.tenant, ...input });
  const set = (id: string, assignment: string) =>
    own.api.database.sql(`update api_keys set ${assignment} where id = $1`, [id]);

  it('keys are found by ids, by kind of owner, and by the time of their creation, expiry and use', async () => {
    const service = await own.api.given.user({ tenant: own.tenant, role: 'OPERATOR', kind: 'SERVICE' });
    const [old, late, ofService] = [
      await key(),
      await key({ expiresAt: inDays(30) }),
      await key({ owner: service, scopes: ['devices:read'] }),
    ];
    await set(old.id, `created_at = '2026-01-01T00:00:00.000500Z', last_used_at = '2026-02-01T00:00:00Z'`);
    const rows: [Record<string, unknown>, GivenKey[]][] = [
      [{ ids: [old.id, '00000000-0000-4000-8000-000000000000'] }, [old]],
      [{ ids: [] }, []],
      [{ ownerKind: 'SERVICE' }, [ofService]],
      [{ ownerKind: 'HUMAN' }, [old, late]],
      [{ createdBefore: '2026-01-02T00:00:00Z' }, [old]],
      // Printed as .000, so a key is not created after the instant that is shown for it.
      [{ createdAfter: '2026-01-01T00:00:00.000Z' }, [late, ofService]],
      [{ createdAfter: '2025-12-31T23:59:59.999Z' }, [old, late, ofService]],
      [{ expiresAfter: inDays(29) }, [late]],
      [{ expiresAfter: inDays(31) }, []],
      [{ usedSince: '2026-02-01T00:00:00Z' }, [old]],
      [{ usedSince: '2026-02-01T00:00:00.001Z' }, []],
      [{ neverUsed: true }, [late, ofService]],
      [{ neverUsed: false }, [old]],
      [{ neverUsed: true, ownerKind: 'HUMAN' }, [late]],
    ];
    for (const [filter, found] of rows)
      expect([filter, await listed(filter)]).toEqual([filter, found.map(({ id }) => id).toSorted()]);
  });

  it('a filter names what is wrong with its members', async () => {
    const filter = { ids: ['x'], createdAfter: '0000-01-01T00:00:00Z' };
    expect((await own.ask(LIST, { filter: { ids: ['x'] } })).problemCodes).toEqual([['filter.ids.0', 'MALFORMED']]);
    expect((await own.ask(LIST, { filter })).code).toBe('BAD_USER_INPUT');
    const many = Array.from({ length: 101 }, () => '00000000-0000-4000-8000-000000000000');
    expect((await own.ask(LIST, { filter: { ids: many } })).problemCodes).toEqual([['filter.ids', 'TOO_MANY']]);
  });

  it('a filter ends as many keys as were counted, or none', async () => {
    const [used, ...unused] = [await key(), await key(), await key()];
    await set(used.id, 'last_used_at = now()');
    const wrong = await own.ask(REVOKE, { input: { filter: { neverUsed: true }, expectedCount: 3 } });
    expect([wrong.status, wrong.code, wrong.reason, wrong.errors[0]?.extensions['actualCount']]).toEqual([
      200,
      'CONFLICT',
      'COUNT_MISMATCH',
      2,
    ]);
    expect(await listed({})).toHaveLength(3);
    const answer = await own.ask(REVOKE, {
      input: { filter: { neverUsed: true }, expectedCount: 2, reason: 'UNUSED' },
    });
    const { count, apiKeys } = answer.at<{ count: number; apiKeys: { id: string; status: string }[] }>('revokeApiKeys');
    expect([count, apiKeys.map(({ status }) => status)]).toEqual([2, ['REVOKED', 'REVOKED']]);
    expect(apiKeys.map(({ id }) => id).toSorted()).toEqual(unused.map(({ id }) => id).toSorted());
    expect(await listed({})).toEqual([used.id]);
    const nothing = await own.ask(REVOKE, { input: { filter: { neverUsed: true }, expectedCount: 0 } });
    expect(nothing.at('revokeApiKeys')).toEqual({ count: 0, apiKeys: [] });
  });

  it('a filter ends thousands of keys in parts', async () => {
    await key();
    await own.api.database.sql(
      `insert into api_keys (tenant_id, user_id, name, key_prefix, key_hash)
       select tenant_id, user_id, 'many', 'mktp_many', md5(n::text || id::text) from api_keys, generate_series(1, 4500) n where tenant_id = $1`,
      [own.tenant.id],
    );
    const answer = await own.ask(REVOKE, { input: { filter: { search: 'many' }, expectedCount: 4_500 } });
    expect(answer.at('revokeApiKeys.count')).toBe(4_500);
    expect(answer.at<unknown[]>('revokeApiKeys.apiKeys')).toHaveLength(100);
    const [row] = await own.api.database.sql(
      `select count(*)::int as events from api_key_events where tenant_id = $1 and kind = 'REVOKED'`,
      [own.tenant.id],
    );
    expect(row).toEqual({ events: 4_500 });
  });

  it('a filter goes alone and with its count', async () => {
    const { id } = await key();
    const rows: [Record<string, unknown>, string[]][] = [
      [{ filter: {} }, ['input.expectedCount', 'REQUIRED']],
      [{ filter: {}, expectedCount: -1 }, ['input.expectedCount', 'OUT_OF_RANGE']],
      [{ filter: {}, expectedCount: 1, ids: [id] }, ['input.filter', 'MALFORMED']],
      [{ filter: { ids: ['x'] }, expectedCount: 1 }, ['input.filter.ids.0', 'MALFORMED']],
      [{ ids: [id], expectedCount: 1 }, ['input.expectedCount', 'MALFORMED']],
      [{}, ['input.ids', 'REQUIRED']],
    ];
    for (const [input, problem] of rows) expect((await own.ask(REVOKE, { input })).problemCodes).toEqual([problem]);
    expect(await listed({})).toEqual([id]);
  });

  it('what a revocation has ended comes first, before what was ended earlier', async () => {
    const keys = [await key(), await key(), await key()];
    const ids = keys.map(({ id }) => id);
    await own.ask(REVOKE, { input: { ids: [ids[0]] } });
    const answer = await own.ask(REVOKE, { input: { ids } });
    expect(answer.at<{ id: string }[]>('revokeApiKeys.apiKeys').map(({ id }) => id)).toEqual([ids[1], ids[2], ids[0]]);
  });

  it('the last ten addresses of a key are kept, each with its first and last use', async () => {
    const { id } = await key();
    const recorder = own.api.app.get(UseRecorder, { strict: false });
    /** The database keeps microseconds, and two uses in one of them have no order. */
    const use = async (ip: string) => {
      const usedAt = performance.now();
      recorder.allowed(id, ip, [], 1);
      await until('the clock goes on', () => performance.now() > usedAt + 0.1);
    };
    for (let n = 0; n < 8; n++) await use(`10.0.0.${n}`);
    await recorder.flush();
    for (let n = 6; n < 13; n++) await use(`::ffff:10.0.0.${n}`);
    recorder.allowed(id, 'no address', [], 1);
    await recorder.flush();
    const answer = await own.ask('query ($id: ID!) { apiKey(id: $id) { recentIps { ip firstUsedAt lastUsedAt } } }', {
      id,
    });
    const addresses = answer.at<{ ip: string; firstUsedAt: string; lastUsedAt: string }[]>('apiKey.recentIps');
    expect(addresses.map(({ ip }) => Number(ip.replace('10.0.0.', '')))).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    const [seven] = addresses.filter(({ ip }) => ip === '10.0.0.7');
    expect(Date.parse(seven?.firstUsedAt ?? '')).toBeLessThan(Date.parse(seven?.lastUsedAt ?? ''));
    expect(await own.api.database.sql('select from api_key_addresses where api_key_id = $1', [id])).toHaveLength(10);
  });
});
