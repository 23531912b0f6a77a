import { readConfig } from '../../apps/portal/src/portal.config.js';
import { makeDemonstration } from '../../apps/portal/src/commands/demonstration.js';
import { production } from '../support/production.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';
import { until } from '../support/until.js';
import { type PortalOptions, TestPortal } from '../support/test-portal.js';

const get = (api: TestPortal, path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${api.url}${path}`, { headers, redirect: 'manual' });
const signIn = (api: TestPortal, email: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${api.url}/console/development/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email }),
  });
const settingsOf = (page: string) =>
  JSON.parse(/<script id="settings" type="application\/json">(.*?)<\/script>/.exec(page)?.[1] ?? '{}');
const issuer = { issuer: 'https://id.example/realm', audience: 'portal', jwksUrl: new URL('https://id.example/jwks') };

describe('console', () => {
  let api: TestPortal;
  beforeAll(async () => {
    api = await TestPortal.start();
    await makeDemonstration(api.app);
  });
  afterAll(() => api.stop());

  /** Another instance, on the same database, while `use` runs. */
  async function during(options: PortalOptions, use: (portal: TestPortal) => Promise<void>): Promise<void> {
    const portal = await TestPortal.start({ database: api.database, ...options });
    try {
      await use(portal);
    } finally {
      await portal.stop();
    }
  }

  describe('console outside production', () => {
    it('GET / leads to the console, and the log has one line about it, which is no warning', async () => {
      const before = api.log.length;
      const response = await get(api, '/');
      expect([response.status, response.headers.get('location')]).toEqual([302, '/console']);
      const lines = () => api.log.slice(before).map((line) => JSON.parse(line) as { level: number; path?: string });
      await until('the request is logged', () => lines().some(({ path }) => path === '/'));
      expect(lines().map(({ level }) => level)).toEqual([30]);
    });

    it.each(['/console', '/console/keys', '/console/keys/new?name=ci&scopes=devices:read'])(
      '%s is answered with the page of the console, under a policy that allows no inline script',
      async (path) => {
        const response = await get(api, path);
        expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
        expect(response.headers.get('cache-control')).toBe('no-store');
        const policy = response.headers.get('content-security-policy') ?? '';
        for (const part of [
          "default-src 'none'",
          "script-src 'self'",
          "connect-src 'self'",
          "frame-src 'none'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
        ])
          expect(policy.split('; ')).toContain(part);
        expect(policy).not.toMatch(/unsafe|\*|http/);
        const html = await response.text();
        const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>/g)].map(([tag]) => tag);
        expect(inline).toEqual(['<script id="settings" type="application/json">']);
        expect(settingsOf(html)).toEqual({
          mode: { kind: 'development' },
          hasExplorer: true,
          keyPrefix: 'mktp',
          address: '127.0.0.1',
        });
      },
    );

    it('each file of the console comes from this origin, small, cacheable for good and under its own type', async () => {
      const html = await (await get(api, '/console')).text();
      const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
      expect(files.length).toBeGreaterThan(2);
      for (const file of files) {
        expect(file).toMatch(/^\/console\/assets\/[\w-]+\.(js|css|svg)$/);
        const response = await get(api, file, { 'accept-encoding': 'gzip' });
        expect([response.status, response.headers.get('content-encoding')]).toEqual([200, 'gzip']);
        expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        expect(response.headers.get('x-content-type-options')).toBe('nosniff');
        const plain = await get(api, file, { 'accept-encoding': 'identity' });
        expect(plain.headers.get('content-encoding')).toBeNull();
        expect(await plain.text()).toBe(await response.text());
        for (const refusing of ['gzip;q=0', 'br, gzip;q=0.0', '*;q=0, identity']) {
          const asked = await get(api, file, { 'accept-encoding': refusing });
          expect([refusing, asked.headers.get('content-encoding')]).toEqual([refusing, null]);
        }
      }
    });

    it.each(['nothing.js', '..%2findex.html', '__proto__'])('the console serves no other file: %s', async (file) => {
      expect((await get(api, `/console/assets/${file}`)).status).toBe(404);
    });

    it('the console lists the people of the demonstration, and gives each of them a session', async () => {
      const people = (await (await get(api, '/console/development/people')).json()) as {
        email: string;
        role: string;
      }[];
      expect(people.map(({ role }) => role)).toEqual(['TENANT_ADMIN', 'OPERATOR', 'VIEWER', 'SUPER_ADMIN']);
      for (const { email, role } of people) {
        const { token } = (await (await signIn(api, email)).json()) as { token: string };
        const answer = await api.query('{ viewer { user { role } } }', { session: token });
        expect(answer.at('viewer.user.role')).toBe(role);
      }
    });

    it('the console gives no session of any other user', async () => {
      const { email } = await api.given.user();
      for (const other of [email, 'nobody@demo.example', '', null, ['admin@demo.example']])
        expect((await signIn(api, other)).status).toBe(404);
    });

    it.each([
      ['a page of another origin', { 'sec-fetch-site': 'cross-site' }],
      ['a page of another port of this machine', { 'sec-fetch-site': 'same-site' }],
    ])('the console gives %s no session', async (_, headers) => {
      expect((await signIn(api, 'admin@demo.example', headers)).status).toBe(403);
      expect((await get(api, '/console/development/people', headers)).status).toBe(403);
    });

    it('the console gives no session under a host name that somebody else pointed here', async () => {
      const request = rawRequest({
        method: 'GET',
        target: '/console/development/people',
        headers: ['host: evil.example'],
      });
      expect((await sendRaw(api.url, request))?.status).toBe(403);
    });
  });

  describe('console in production', () => {
    it('the console is off without a client id, and so is the sign-in of development', () =>
      during({ config: { isProduction: true, issuer } }, async (portal) => {
        for (const path of ['/', '/console', '/console/development/people'])
          expect([path, (await get(portal, path)).status]).toEqual([path, 404]);
        expect((await signIn(portal, 'admin@demo.example')).status).toBe(404);
      }));

    it('the console signs in at the issuer, the only other origin that its page may ask', () =>
      during(
        { config: { isProduction: true, issuer, console: { isOn: true, clientId: 'console' } } },
        async (portal) => {
          const response = await get(portal, '/console');
          expect(response.status).toBe(200);
          const policy = (response.headers.get('content-security-policy') ?? '').split('; ');
          expect(policy).toContain("connect-src 'self' https://id.example");
          expect(policy).toContain("frame-ancestors 'none'");
          const { mode, hasExplorer } = settingsOf(await response.text());
          expect(mode).toEqual({ kind: 'openid', issuer: issuer.issuer, audience: 'portal', clientId: 'console' });
          expect(hasExplorer).toBe(false);
          expect((await get(portal, '/')).headers.get('location')).toBe('/console');
          expect((await signIn(portal, 'admin@demo.example')).status).toBe(404);
          const renewed = (await get(portal, '/console/renewed')).headers.get('content-security-policy');
          expect(renewed).toContain("frame-ancestors 'self'");
        },
      ));

    it('the console needs an issuer that a browser can reach', () => {
      const environment = { ...production(), CONSOLE_CLIENT_ID: 'console', SESSION_ISSUER: 'urn:not-an-address' };
      expect(() => readConfig(environment)).toThrow('SESSION_ISSUER must be an http(s):// URL');
      expect(() => readConfig({ CONSOLE_CLIENT_ID: 'console' })).toThrow('SESSION_ISSUER is needed');
    });
  });

  describe('CONSOLE=off', () => {
    it('CONSOLE=off leaves the explorer at /, and no console', () =>
      during({ environment: { CONSOLE: 'off' } }, async (portal) => {
        expect((await get(portal, '/')).headers.get('location')).toBe('/graphql');
        expect((await get(portal, '/console')).status).toBe(404);
        expect((await signIn(portal, 'admin@demo.example')).status).toBe(404);
      }));
  });
});
