import { LocalServer } from '../support/local-server.js';
import { TestPortal } from '../support/test-portal.js';
import { TestBrowser } from './browser.js';

/** A server of another origin, with an empty page. */
const otherOrigin = () =>
  LocalServer.start((_, response) => response.setHeader('content-type', 'text/html').end('<title>page</title>'));

describe('pages of another origin', () => {
  let browser: TestBrowser;
  let listed: LocalServer;
  let other: LocalServer;
  let api: TestPortal;
  beforeAll(async () => {
    [listed, other] = await Promise.all([otherOrigin(), otherOrigin()]);
    api = await TestPortal.start({ environment: { CORS_ORIGINS: listed.url } });
    browser = await TestBrowser.start();
  });
  afterAll(async () => {
    await browser.stop();
    await api.stop();
    for (const server of [listed, other]) await server.stop();
  });

  /** What a script of a page at `origin` gets to see of an answer; null where the browser refuses. */
  const askFrom = async (origin: string, key: string) => {
    const page = await browser.page(origin);
    const seen = await page.evaluate(
      async ({ url, secret }) => {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
          body: JSON.stringify({ query: '{ viewer { kind } }' }),
        }).catch(() => null);
        return answer && { body: await answer.text(), requestId: answer.headers.get('x-request-id') };
      },
      { url: `${api.url}/graphql`, secret: key },
    );
    await page.context().close();
    return seen;
  };

  it('a page of an origin in CORS_ORIGINS calls the API with a key and reads the request id', async () => {
    const { secret } = await api.given.apiKey();
    const seen = await askFrom(listed.url, secret);
    expect(JSON.parse(seen?.body ?? 'null')).toEqual({ data: { viewer: { kind: 'API_KEY' } } });
    expect(seen?.requestId).toMatch(/^[\w.-]{1,64}$/);
  });

  it('a page of an origin outside CORS_ORIGINS is refused by the browser', async () => {
    const { secret } = await api.given.apiKey();
    expect(await askFrom(other.url, secret)).toBeNull();
  });
});
