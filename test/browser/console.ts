import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { makeDemonstration } from '../../apps/portal/src/commands/demonstration.js';
import type { Answer } from '../support/answer.js';
import { type PortalOptions, TestPortal } from '../support/test-portal.js';
import { TestBrowser, type Visit, type VisitOptions } from './browser.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The people of the demonstration, as the sign-in page names them. */
export const PEOPLE = {
  admin: 'admin@demo.example',
  operator: 'operator@demo.example',
  viewer: 'viewer@demo.example',
  platform: 'platform@demo.example',
};

/** A portal with the demonstration, and Chromium to look at its console. */
export class ConsoleBench {
  private readonly visits: Visit[] = [];

  private constructor(
    readonly api: TestPortal,
    readonly browser: TestBrowser,
    /** The demonstration's key. */
    readonly key: string,
  ) {}

  static async start(options: PortalOptions = {}): Promise<ConsoleBench> {
    const api = await TestPortal.start(options);
    const key = (await makeDemonstration(api.app)) ?? '';
    return new ConsoleBench(api, await TestBrowser.start(), key);
  }

  /** Opens an address of the console, like somebody who has never been there. */
  async open(path = '/console', options: VisitOptions = {}): Promise<Visit> {
    const visit = await this.browser.open(this.api, path, options);
    this.visits.push(visit);
    return visit;
  }

  /** Opens an address of the console, and signs in. */
  async as(email: string, path = '/console', options: VisitOptions = {}): Promise<Visit> {
    const visit = await this.open(path, options);
    await visit.page.getByRole('button', { name: email }).click();
    await visit.page.getByRole('navigation', { name: 'Pages' }).waitFor();
    return visit;
  }

  /** Opens an address of the console with a session token of somebody's. */
  async withSession(session: string, path = '/console', options: VisitOptions = {}): Promise<Visit> {
    const visit = await this.open(path, options);
    await visit.page.getByText('Sign in with a session token').click();
    await visit.page.getByLabel('Token of').fill(session);
    await visit.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await visit.page.getByRole('navigation', { name: 'Pages' }).waitFor();
    return visit;
  }

  /** Uses a key: a request that needs `devices:read`. */
  ask(key: string): Promise<Answer> {
    return this.api.query('{ devices { nodes { hostname } } }', { key });
  }

  /** The session token of one of the demonstration's people. */
  session(email: string): Promise<string> {
    return this.api.issuer.token(email, 3600, new Date());
  }

  /** After each test: no page of it logged an error or asked another host. */
  async closeVisits(): Promise<void> {
    for (const visit of this.visits.splice(0)) {
      const { errors, asked } = visit;
      await visit.close();
      expect({ errors, asked: [...asked] }).toEqual({ errors: [], asked: [] });
    }
  }

  async stop(): Promise<void> {
    await this.browser.stop();
    await this.api.stop();
  }
}

/** The secret that the dialog of a new secret shows. */
export const secretOf = (page: Page): Promise<string> =>
  page.getByRole('region', { name: 'Secret', exact: true }).innerText();

/** Closes the dialog of a new secret. */
export async function storeSecret(page: Page): Promise<void> {
  await page.getByLabel('I have stored the secret').check();
  await page.getByRole('button', { name: 'Close, and forget it here' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

/** What axe finds wrong with the page as it is now, by the rules of WCAG 2.2 AA. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Evaluated from outside the page, as its own content security policy allows no script that is not the portal's.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as AxeResult;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) => `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary.slice(0, 300)}`,
    ),
  );
}

export const LOOKS = [
  ['light', 1280],
  ['dark', 1280],
  ['dark', 390],
  ['light', 390],
] as const;
export type Look = (typeof LOOKS)[number];

/** The page as it is now has no fault that axe finds, and is not wider than the screen: light and dark, wide and narrow. */
export async function requireSound(page: Page, seen: (look: Look) => Promise<void> = async () => {}): Promise<void> {
  const found: string[] = [];
  for (const look of LOOKS) {
    const [colorScheme, width] = look;
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const faults = await violationsOf(page);
    if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) faults.push('wider than the screen');
    found.push(...faults.map((fault) => `${colorScheme}, ${width} wide: ${fault}`));
    await seen(look);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  expect(found).toEqual([]);
}
