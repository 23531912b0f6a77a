import { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

/** As Chromium and Firefox send it. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';
const TYPENAME = `/graphql?query=${encodeURIComponent('{ __typename }')}`;
const SOURCES = /(?:src|href)="(explorer\/[^"]+)"|"(explorer\/[^"]+)"/g;

const get = (api: TestPortal, path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${api.url}${path}`, { headers });

let api: TestPortal;

describe('explorer', () => {
  usePortal((started) => (api = started));

  describe('explorer outside production', () => {
    const page = () => get(api, '/graphql', { accept: BROWSER });
    const addresses = (html: string) =>
      [...html.matchAll(SOURCES)].map(([, source, setting]) => source ?? setting ?? '');

    it('a browser gets the explorer under a policy that runs only scripts with its nonce', async () => {
      const response = await page();
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-store');
      const policy = response.headers.get('content-security-policy') ?? '';
      const nonce = /script-src 'nonce-([^']+)'(?:;|$)/.exec(policy)?.[1] ?? 'none';
      expect(policy).toContain(`style-src 'nonce-${nonce}';`);
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|\*/);
      const html = await response.text();
      const tags = [...html.matchAll(/<(?:script|style)[^>]*>/g)].map(([tag]) => tag);
      expect(tags.filter((tag) => !tag.includes('application/json') && !tag.includes(`nonce="${nonce}"`))).toEqual([]);
      expect((await page()).headers.get('content-security-policy')).not.toContain(nonce);
    });

    it('the page of the explorer holds no secret', async () => {
      const { secret, admin } = await api.given.apiKey();
      await api.query('{ viewer { kind } }', { key: secret });
      const html = await (await page()).text();
      expect(html).not.toContain(secret);
      expect(html).not.toContain(admin.session);
      expect(html).not.toMatch(/mktp_[0-9A-Za-z]/);
    });

    it('each file of the explorer is named after its content and cacheable for good', async () => {
      const files = addresses(await (await page()).text());
      expect(files).toHaveLength(5);
      for (const file of files) {
        const response = await get(api, `/${file}`);
        expect([response.status, response.headers.get('cache-control')]).toEqual([
          200,
          'public, max-age=31536000, immutable',
        ]);
        expect(response.headers.get('x-content-type-options')).toBe('nosniff');
        expect(response.headers.get('content-type')).toMatch(/^text\/(javascript|css); charset=utf-8$/);
        expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
      }
    });

    it.each(['start.js', '..%2fexplorer.page.js', '..%2f..%2f..%2f..%2fpackage.json', '%2fetc%2fpasswd', '__proto__'])(
      'the explorer serves no other file: %s',
      async (file) => {
        const response = await get(api, `/explorer/${file}`);
        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
      },
    );

    it.each(['*/*', 'application/json', 'application/graphql-response+json', 'application/json, text/html'])(
      'a GET that accepts %s is GraphQL over HTTP, not the explorer',
      async (accept) => {
        const response = await get(api, TYPENAME, { 'apollo-require-preflight': 'true', accept });
        expect(response.status).toBe(200);
        expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
      },
    );

    it('a POST that accepts only HTML is refused, and gets no explorer', async () => {
      const response = await api.query('{ __typename }', { headers: { accept: 'text/html' } });
      expect(response.status).toBe(406);
    });
  });

  describe('explorer in production', () => {
    let production: TestPortal;
    beforeAll(async () => {
      production = await TestPortal.start({ database: api.database, config: { isProduction: true } });
    });
    afterAll(() => production.stop());

    it('there is no explorer in production, and none of its files', async () => {
      expect((await get(production, '/graphql', { accept: BROWSER })).status).toBe(400);
      const preflighted = { 'apollo-require-preflight': 'true', accept: 'text/html' };
      expect((await get(production, TYPENAME, preflighted)).status).toBe(406);
      const html = await (await get(api, '/graphql', { accept: BROWSER })).text();
      const [file] = /explorer\/[^"]+/.exec(html) ?? [];
      expect((await get(api, `/${file}`)).status).toBe(200);
      expect((await get(production, `/${file}`)).status).toBe(404);
    });
  });
});
