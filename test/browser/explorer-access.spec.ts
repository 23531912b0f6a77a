import { TestPortal } from '../support/test-portal.js';
import { TestBrowser, type Visit } from './browser.js';
import { LOOKS, violationsOf } from './console.js';

const FOCUSED = 'document.activeElement?.getAttribute("aria-label") ?? ""';
/** The editor's text area beside it takes the keys that scroll it, which axe does not see. */
const SCROLLED_BY_ITS_EDITOR = 'class="CodeMirror-scroll"';

describe('explorer for everybody', () => {
  let api: TestPortal;
  let browser: TestBrowser;
  let visit: Visit;
  beforeAll(async () => {
    api = await TestPortal.start();
    browser = await TestBrowser.start();
  });
  afterAll(async () => {
    await browser.stop();
    await api.stop();
  });
  beforeEach(async () => {
    visit = await browser.visit(api);
    await visit.page.locator('.graphiql-container').waitFor();
    await visit.page.getByText('FirstLook').first().waitFor();
  });
  afterEach(async () => {
    expect(visit.errors).toEqual([]);
    await visit.close();
  });

  const focused = () => visit.page.evaluate<string>(FOCUSED);
  const press = async (...keys: string[]) => {
    for (const key of keys) await visit.page.keyboard.press(key);
  };

  it('the page of the explorer has a title', async () => {
    expect(await visit.page.title()).toBe('Explore the API · Latchkey');
  });

  it('a keyboard leaves the editor of the operation with Escape and Tab, forwards and backwards', async () => {
    await visit.page.locator('.graphiql-query-editor .CodeMirror').click();
    await press('Tab');
    expect(await focused()).toContain('Query Editor');
    await press('Escape', 'Tab');
    expect(await focused()).not.toContain('Query Editor');
    await press('Shift+Tab');
    expect(await focused()).toContain('Query Editor');
    await press('Escape', 'Shift+Tab');
    expect(await focused()).not.toContain('Query Editor');
  });

  it('a keyboard reaches the headers from the operation, pastes a key, and leaves the headers', async () => {
    await visit.page.locator('.graphiql-query-editor .CodeMirror').click();
    await press('Escape');
    for (let steps = 0; steps < 20 && !(await focused()).startsWith('Headers'); steps += 1) await press('Tab');
    expect(await focused()).toMatch(/^Headers.*Escape, then Tab/);
    await press('Control+A');
    await visit.page.keyboard.insertText('{ "Authorization": "Bearer mktp_" }');
    await press('Escape', 'Tab');
    expect(await focused()).not.toContain('Headers');
  });

  it('Escape gives up one Tab, and the editor keeps the next', async () => {
    await visit.page.locator('.graphiql-query-editor .CodeMirror').click();
    await press('Escape', 'ArrowDown', 'Tab');
    expect(await focused()).toContain('Query Editor');
  });

  it.each(LOOKS)(
    'the explorer has no fault that axe finds and is no wider than the screen: %s, %i wide',
    async (scheme, width) => {
      await visit.page.emulateMedia({ colorScheme: scheme });
      await visit.page.setViewportSize({ width, height: 800 });
      const faults = await violationsOf(visit.page);
      expect(faults.filter((fault) => !fault.includes(SCROLLED_BY_ITS_EDITOR))).toEqual([]);
      expect(await visit.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    },
  );

  it('a phone shows the operation, the headers and the answer one below the other, nearly as wide as the screen', async () => {
    await visit.page.setViewportSize({ width: 390, height: 800 });
    const parts = ['.graphiql-query-editor', '.graphiql-editor-tool', '.graphiql-response'];
    const boxes = await Promise.all(parts.map((part) => visit.page.locator(part).boundingBox()));
    for (const box of boxes) expect(box?.width).toBeGreaterThan(280);
    const tops = boxes.map((box) => box?.y ?? 0);
    expect(tops.toSorted((a, b) => a - b)).toEqual(tops);
    await visit.run('FirstLook');
    await visit.answer('MISSING_CREDENTIAL');
  });

  it('the page of the explorer is dark before its scripts run, where the browser prefers dark', async () => {
    await visit.page.emulateMedia({ colorScheme: 'dark' });
    await visit.page.route('**/explorer/*', (route) => route.abort());
    await visit.page.reload();
    expect(await visit.page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(33, 42, 59)');
  });
});
