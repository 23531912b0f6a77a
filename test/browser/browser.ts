import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { TestPortal } from '../support/test-portal.js';

const EXECUTABLE = '/usr/bin/chromium';
const QUIET = ['quic', 'gpu', 'background-networking', 'component-update', 'sync'].map((name) => `--disable-${name}`);
const SCREENSHOTS = resolve(import.meta.dirname, '../../docs/screenshots');
const CDN = 'https://embeddable-sandbox.cdn.apollographql.com';
const FRAME = 'https://sandbox.embed.apollographql.com';

/** What other hosts answer: nothing, or the script and the frame of Apollo Sandbox. */
export interface Outside {
  script?: string;
  frame?: string;
}

export interface VisitOptions {
  width?: number;
  colorScheme?: 'light' | 'dark';
  /** Origins other than the portal's that the page may ask. */
  allowed?: readonly string[];
}

/** Chromium, with a fresh profile for each visit. */
export class TestBrowser {
  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<TestBrowser> {
    // A heap snapshot would hold the beginnings of long texts only.
    const args = ['--no-sandbox', '--no-first-run', '--js-flags=--heap-snapshot-string-limit=10000000', ...QUIET];
    return new TestBrowser(await chromium.launch({ executablePath: EXECUTABLE, args }));
  }

  /** Opens the explorer of `api`, like someone who has never been there. */
  async visit(api: TestPortal, outside: Outside = {}): Promise<Visit> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 } });
    const asked = new Set<string>();
    await context.route(
      (url) => url.origin !== api.url,
      (route) => {
        const { origin } = new URL(route.request().url());
        asked.add(origin);
        if (origin === CDN && outside.script !== undefined)
          return route.fulfill({ contentType: 'text/javascript', body: outside.script });
        if (origin === FRAME && outside.frame !== undefined)
          return route.fulfill({ contentType: 'text/html', body: outside.frame });
        return route.abort('internetdisconnected');
      },
    );
    const page = await context.newPage();
    const visit = new Visit(context, page, asked);
    await page.goto(`${api.url}/graphql`);
    return visit;
  }

  /** Opens an address of any origin, as a page that asks whom it likes. */
  async page(url: string): Promise<Page> {
    const page = await (await this.browser.newContext()).newPage();
    await page.goto(url);
    return page;
  }

  /** Opens an address of `api` that asks no other host. */
  async open(api: TestPortal, path: string, { width = 1280, colorScheme, allowed = [] }: VisitOptions): Promise<Visit> {
    const context = await this.browser.newContext({
      viewport: { width, height: 800 },
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      ...(colorScheme && { colorScheme }),
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const asked = new Set<string>();
    await context.route(
      (url) => url.origin !== api.url && !allowed.includes(url.origin),
      (route) => {
        asked.add(new URL(route.request().url()).origin);
        return route.abort('internetdisconnected');
      },
    );
    const page = await context.newPage();
    page.setDefaultTimeout(45_000);
    const visit = new Visit(context, page, asked);
    await page.goto(`${api.url}${path}`);
    return visit;
  }

  stop(): Promise<void> {
    return this.browser.close();
  }
}

/** One page, and all that went wrong on it. */
export class Visit {
  /** Uncaught errors, and errors on the console but for failed requests: a breach of the page's content security policy is one. */
  readonly errors: string[] = [];

  constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    /** Origins other than the portal's that were asked for something. */
    readonly asked: ReadonlySet<string>,
  ) {
    page.on('pageerror', ({ message }) => this.errors.push(message));
    page.on('console', (message) => {
      const isRequest = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isRequest) this.errors.push(message.text());
    });
  }

  /** The credential as one pastes it, in place of what stands under Headers. */
  async pasteHeaders(headers: Record<string, string>): Promise<void> {
    await this.page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror').click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(JSON.stringify(headers, null, 2));
  }

  /** Puts a document in place of the one that is there. */
  async write(document: string): Promise<void> {
    await this.page.locator('.graphiql-query-editor .CodeMirror').click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(document);
  }

  /** Runs the operation of this name of the document. */
  async run(operationName: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Execute query' }).click();
    await this.page.getByRole('menuitem', { name: operationName }).click();
  }

  /** The answer that is shown, once it holds `text`. */
  async answer(text: string): Promise<string> {
    const shown = this.page.locator('.result-window');
    await shown.getByText(text).first().waitFor();
    return shown.innerText();
  }

  /** Scrolls the document to its end, where this word is seen. */
  async scrollToEnd(word: string): Promise<void> {
    await this.page.locator('.graphiql-query-editor .CodeMirror').click();
    await this.page.keyboard.press('Control+End');
    await this.page.getByText(word, { exact: true }).waitFor();
  }

  /**
   * `UPDATE_SCREENSHOTS=1 npm run test:browser` writes the pictures of the documentation anew; the name of a folder in the
   * place of `1` takes every page there, whole.
   */
  async screenshot(name: string, isKept = true): Promise<void> {
    const wanted = process.env['UPDATE_SCREENSHOTS'];
    if (!wanted || (wanted === '1' && !isKept)) return;
    const folder = wanted === '1' ? SCREENSHOTS : resolve(wanted);
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({
      path: resolve(folder, `${name}.png`),
      animations: 'disabled',
      fullPage: wanted !== '1',
    });
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
