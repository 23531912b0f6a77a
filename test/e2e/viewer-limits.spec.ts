import { PORTAL_ACCESS } from '../../apps/portal/src/portal.access.js';
import { ALL_SCOPES } from '../support/given.js';
import { ownTenant } from '../support/own-tenant.js';

const STATE = '{ viewer { rateLimit { limit windowSeconds remaining resetsAt } } }';
const PRESETS = '{ apiScopePresets { name scopes } }';

describe('what a caller sees of its own limits', () => {
  const own = ownTenant();

  it('a key sees what is left of its rate, and asking costs what any request costs', async () => {
    const { secret } = await own.api.given.apiKey({ tenant: own.tenant, rateLimit: { limit: 5, windowSeconds: 60 } });
    const before = Date.now();
    for (const remaining of [4, 3]) {
      const answer = await own.api.query(STATE, { key: secret });
      expect(answer.at('viewer.rateLimit')).toMatchObject({ limit: 5, windowSeconds: 60, remaining });
      expect(answer.headers.get('ratelimit-remaining')).toBe(String(remaining));
      const resetsAt = Date.parse(answer.at<string>('viewer.rateLimit.resetsAt'));
      expect(resetsAt).toBeGreaterThan(before);
      expect(resetsAt).toBeLessThanOrEqual(Date.now() + 60_000);
    }
  });

  it('an unlimited key and a session see none', async () => {
    const { secret } = await own.api.given.apiKey({ tenant: own.tenant });
    expect((await own.api.query(STATE, { key: secret })).at('viewer.rateLimit')).toBeNull();
    expect((await own.ask(STATE)).at('viewer.rateLimit')).toBeNull();
  });

  it('presets are cut down to what the caller has, and end with everything', async () => {
    const viewer = await own.api.given.user({ tenant: own.tenant, role: 'VIEWER' });
    const { secret } = await own.api.given.apiKey({ tenant: own.tenant, scopes: ['devices:read'] });
    const reading = PORTAL_ACCESS.roleScopes.VIEWER;
    const configuration = ['devices:read', 'config:read', 'config:write'];
    expect((await own.ask(PRESETS)).at('apiScopePresets')).toEqual([
      { name: 'read-only', scopes: reading },
      { name: 'monitoring', scopes: ['devices:read', 'alerts:read'] },
      { name: 'configuration', scopes: configuration },
      {
        name: 'everything',
        scopes: ALL_SCOPES,
      },
    ]);
    const seen = (await own.api.query(PRESETS, { session: viewer.session })).at<{ name: string; scopes: string[] }[]>(
      'apiScopePresets',
    );
    expect(seen.find(({ name }) => name === 'configuration')?.scopes).toEqual(['devices:read', 'config:read']);
    expect(seen.at(-1)).toEqual({ name: 'everything', scopes: reading });
    const byKey = (await own.api.query(PRESETS, { key: secret })).at<{ scopes: string[] }[]>('apiScopePresets');
    expect(byKey.every(({ scopes }) => scopes.join() === 'devices:read')).toBe(true);
  });
});
