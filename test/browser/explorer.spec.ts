import { makeDemonstration } from '../../apps/portal/src/commands/demonstration.js';
import { OpenStreams } from '#graphql';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { TestBrowser, type Visit } from './browser.js';

/** In place of Apollo's script: keeps what it was given, and hands it on to Apollo's frame as that does. */
const SANDBOX = `window.EmbeddedSandbox = class {
  constructor(options) {
    window.given = options;
    const frame = document.createElement('iframe');
    const query = new URLSearchParams({ endpoint: options.initialEndpoint, ...options.initialState,
      headers: JSON.stringify(options.initialState.headers) });
    frame.src = 'https://sandbox.embed.apollographql.com/sandbox/explorer?' + query;
    document.querySelector(options.target).append(frame);
  }
};`;
/** In place of Apollo's frame: the options that it received. */
const FRAME = `<body style="margin: 2em; font: 14px monospace; white-space: pre-wrap">
<b>Here is Apollo Sandbox. This stands in its place, and got:</b>
<script>
  const parameters = new URLSearchParams(location.search);
  for (const name of ['endpoint', 'headers', 'document'])
    document.body.append('\\n' + name + ': ' + parameters.get(name) + '\\n');
</script>`;

function streamsOf({ app }: TestPortal) {
  const streams = app.get(OpenStreams, { strict: false });
  return { count: () => streams.count, ended: () => streams.ended };
}

interface Given {
  initialEndpoint: string;
  initialState: { document: string; headers: Record<string, string> };
}

let api: TestPortal;
let browser: TestBrowser;
let key: string;
let visit: Visit;
beforeAll(async () => {
  api = await TestPortal.start();
  key = (await makeDemonstration(api.app)) ?? '';
  browser = await TestBrowser.start();
});
afterAll(async () => {
  await browser.stop();
  await api.stop();
});
afterEach(() => visit.close());

describe('explorer offline', () => {
  beforeEach(async () => {
    visit = await browser.visit(api);
    await visit.page.locator('.graphiql-container').waitFor();
  });
  afterEach(() => {
    expect(visit.errors).toEqual([]);
    expect([...visit.asked]).toEqual(['https://embeddable-sandbox.cdn.apollographql.com']);
  });

  it('the explorer without a way to Apollo is GraphiQL, and says why', async () => {
    await visit.page
      .getByText('Apollo Sandbox could not be loaded from https://embeddable-sandbox.cdn.apollographql.com')
      .waitFor();
  });

  it('the explorer runs the first operation with a pasted key, and shows the data', async () => {
    await visit.pasteHeaders({ Authorization: `Bearer ${key}` });
    await visit.run('FirstLook');
    expect(await visit.answer('edge-rt-01')).toContain('core-sw-01');
    await visit.pasteHeaders({ Authorization: 'Bearer mktp_…' });
    await visit.screenshot('explorer');
  });

  it('the explorer shows the missing scopes of a key where an operation is refused', async () => {
    await visit.pasteHeaders({ Authorization: `Bearer ${key}` });
    await visit.run('AddDevice');
    const answer = await visit.answer('MISSING_SCOPE');
    expect(answer).toContain('devices:write');
    expect(answer).toContain('createDevice');
    await visit.pasteHeaders({ Authorization: 'Bearer mktp_…' });
    await visit.scrollToEnd('mutation');
    await visit.screenshot('explorer-refusal');
  });

  it('the explorer shows events as they are committed, until the subscription is stopped', async () => {
    const tenant = await api.given.tenant();
    const { session } = await api.given.admin(tenant);
    await visit.pasteHeaders({ Authorization: `Bearer ${session}` });
    await visit.write('subscription Live { apiKeyEvents { kind apiKeyName } }');
    // A menu until the explorer has read the new document: the one before it had several operations.
    await visit.page.locator('.graphiql-execute-button:not([aria-haspopup])').click();
    const { ended, count } = streamsOf(api);
    await until('the stream is open', () => count() === 1);
    await api.given.apiKey({ tenant, name: 'seen at once' });
    expect(await visit.answer('seen at once')).toContain('CREATED');
    await visit.page.getByRole('button', { name: 'Stop query' }).click();
    await until('the stream is closed', () => count() === 0);
    expect(ended().gone).toBeGreaterThan(0);
  });

  it('the explorer forgets a pasted key with the tab', async () => {
    await visit.pasteHeaders({ Authorization: `Bearer ${key}` });
    await visit.run('FirstLook');
    await visit.answer('edge-rt-01');
    expect(await visit.page.evaluate('JSON.stringify(localStorage)')).not.toContain(key);
    await visit.page.reload();
    await visit.page.locator('.graphiql-container').waitFor();
    await visit.run('FirstLook');
    await visit.answer('MISSING_CREDENTIAL');
  });

  it('the explorer says what to send where nothing was pasted', async () => {
    await visit.run('FirstLook');
    expect(await visit.answer('MISSING_CREDENTIAL')).toContain('Authorization: Bearer');
  });

  it('the explorer shows in its documentation which scope opens a field', async () => {
    await visit.page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    const docs = visit.page.locator('.graphiql-plugin');
    await docs.getByText('Query', { exact: true }).click();
    await docs.getByText('Access: needs devices:read').first().waitFor();
    await visit.screenshot('explorer-scopes');
    await docs.getByText('devices', { exact: true }).click();
    await docs.getByText('Access: needs devices:read').waitFor();
  });
});

describe('explorer online', () => {
  it('the explorer with a way to Apollo is Apollo Sandbox with the same headers and operations, and no secret', async () => {
    visit = await browser.visit(api, { script: SANDBOX, frame: FRAME });
    await visit.page.frameLocator('iframe').getByText('Here is Apollo Sandbox').waitFor();
    const given = (await visit.page.evaluate('JSON.parse(JSON.stringify(window.given))')) as Given;
    expect(given.initialEndpoint).toBe(`${api.url}/graphql`);
    expect(given.initialState.headers).toEqual({ Authorization: 'Bearer ' });
    expect(given.initialState.document).toContain('query FirstLook');
    expect(await visit.page.locator('.graphiql-container').count()).toBe(0);
    expect(visit.errors).toEqual([]);
    await visit.screenshot('explorer-sandbox');
  });

  it('the explorer sends the requests of Apollo Sandbox from this page, without headers whose field is empty', async () => {
    visit = await browser.visit(api, { script: SANDBOX, frame: FRAME });
    await visit.page.locator('iframe').waitFor();
    const answer = await visit.page.evaluate(`window.given.handleRequest(location.href, {
      method: 'POST',
      headers: { 'content-type': 'application/json', Authorization: 'Bearer ' },
      body: JSON.stringify({ query: '{ __typename }' }),
    }).then((response) => response.json())`);
    expect(answer).toEqual({ data: { __typename: 'Query' } });
    expect(visit.errors).toEqual([]);
  });

  it('the explorer is GraphiQL where the answer from Apollo is not the script of Apollo Sandbox', async () => {
    visit = await browser.visit(api, { script: '/* a network that wants you to sign in first */' });
    await visit.page.locator('.graphiql-container').waitFor();
    expect(visit.errors).toEqual([]);
  });
});
