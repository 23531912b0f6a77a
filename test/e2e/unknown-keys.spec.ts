import type { TestPortal } from '../support/test-portal.js';
import { unknownKey } from '../support/unknown-key.js';
import { usePortal } from '../support/hooks.js';

const DEVICES = `{ devices { nodes { id } } }`;
const LIMIT = 300;
const ATTACKER = { 'x-forwarded-for': '192.0.2.66' };
const NEIGHBOUR = { 'x-forwarded-for': '192.0.2.67' };

describe('an address that presents keys that nobody has', () => {
  let api: TestPortal;
  usePortal((started) => (api = started), { environment: { TRUST_PROXY: '1' } });

  it('gets 429 beyond 300 within a minute, without a look-up, and nobody else does', async () => {
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
});
