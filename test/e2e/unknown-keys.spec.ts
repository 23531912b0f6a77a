import type { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { usePortal } from '../support/hooks.js';

const DEVICES = `{ devices { nodes { id } } }`;
const LIMIT = 300;
const ATTACKER = { 'x-forwarded-for': '192.0.2.66' };
const NEIGHBOUR = { 'x-forwarded-for': '192.0.2.67' };

describe('unknown keys', () => {
  let api: TestPortal;
  usePortal((started) => (api = started), { environment: { TRUST_PROXY: '1' } });

  it('an address with more than 300 unknown keys a minute gets 429 without a lookup, and no other address does', async () => {
    const good = await api.given.apiKey({ scopes: ['devices:read'] });
    const malformed = `${unknownKey().slice(0, -1)}-`;
    const ask = (key: string, headers: Record<string, string>) => api.query(DEVICES, { key, headers });

    for (let asked = 0; asked < LIMIT; asked += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => ask(unknownKey(), ATTACKER)));
      expect(answers.map(({ status, reason }) => `${status} ${reason}`)).toEqual(Array(50).fill('401 INVALID_KEY'));
      expect((await ask(malformed, ATTACKER)).reason).toBe('INVALID_KEY');
    }
    expect((await ask(good.secret, ATTACKER)).code).toBeUndefined();

    const refused = await ask(unknownKey(), ATTACKER);
    expect([refused.status, refused.code]).toEqual([429, 'RATE_LIMITED']);
    expect(refused.body).not.toHaveProperty('data');
    expect(refused.errors[0]?.extensions).toMatchObject({ limit: LIMIT, windowSeconds: 60 });
    const retryAfter = Number(refused.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(retryAfter).toBeLessThanOrEqual(60);

    const statements = await api.sqlOf(async () => {
      expect((await ask(unknownKey(), ATTACKER)).status).toBe(429);
    });
    expect(statements).toEqual([]);
    expect((await ask(malformed, ATTACKER)).reason).toBe('INVALID_KEY');
    expect((await ask(unknownKey(), NEIGHBOUR)).reason).toBe('INVALID_KEY');
    expect((await ask(good.secret, NEIGHBOUR)).code).toBeUndefined();
  });

  const DELETED = { 'x-forwarded-for': '192.0.2.68' };
  const SHARED = { 'x-forwarded-for': '192.0.2.69' };
  const status = async (key: string, headers: Record<string, string>) =>
    (await api.query(DEVICES, { key, headers })).status;
  const times = async (count: number, work: () => Promise<number>) => {
    const statuses = new Set<number>();
    for (let asked = 0; asked < count; asked += 50)
      for (const one of await Promise.all(Array.from({ length: 50 }, work))) statuses.add(one);
    return [...statuses];
  };

  it('an address is not closed by a client that keeps sending one deleted key', async () => {
    const deleted = await api.given.apiKey({ scopes: ['devices:read'] });
    await api.database.sql('delete from api_keys where id = $1', [deleted.id]);
    await api.caughtUp();
    expect(await times(LIMIT + 100, () => status(deleted.secret, DELETED))).toEqual([401]);
    const cold = await api.given.apiKey({ scopes: ['devices:read'] });
    expect(await status(cold.secret, DELETED)).toBe(200);
  });

  it('an unknown key is refused while another table is locked, as by a migration, though the catalogue has changed', async () => {
    await api.database.sql('grant references on alerts to portal_jobs');
    const answer = await api.database.holding('lock table devices in access exclusive mode', () =>
      api.query('{ viewer { kind } }', { key: unknownKey() }),
    );
    expect([answer.status, answer.reason]).toEqual([401, 'INVALID_KEY']);
  });

  it('a closed address stays open to a key that was good there, even while the remembered verdict must not be used', async () => {
    const [hot, deleted, cold] = await Promise.all([1, 2, 3].map(() => api.given.apiKey({ scopes: ['devices:read'] })));
    if (!hot || !deleted || !cold) throw new Error('three keys');
    for (const { secret } of [hot, deleted]) expect(await status(secret, SHARED)).toBe(200);
    await times(LIMIT, () => status(unknownKey(), SHARED));
    expect(await status(unknownKey(), SHARED)).toBe(429);
    await api.database.sql(`update api_keys set expires_at = now() + interval '1 day' where id = $1`, [hot.id]);
    await api.database.sql('delete from api_keys where id = $1', [deleted.id]);
    await api.caughtUp();
    expect(await status(hot.secret, SHARED)).toBe(200);
    expect(await status(cold.secret, SHARED)).toBe(429);
    // Looked up once, for what was remembered; from then on it is an unknown key like any other.
    expect(await status(deleted.secret, SHARED)).toBe(429);
    expect(await api.sqlOf(() => status(deleted.secret, SHARED))).toEqual([]);
  });
});
