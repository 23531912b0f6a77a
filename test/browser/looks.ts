import type { Page } from 'playwright-core';
import type { Visit } from './browser.js';
import { type Look, requireSound } from './console.js';

/** A page of the console as it is looked at. */
export interface Shown {
  name: string;
  path: () => string;
  /** Shows nothing of the portal's answers. */
  asksNothing?: true;
  /** Seen once the page is complete. */
  shows: string;
  /** Brings the page to where it is looked at, such as a dialog of it. */
  open?: (page: Page) => Promise<unknown>;
  /** Leaves a dialog that does not let go by itself. */
  close?: (page: Page) => Promise<unknown>;
}

/** Presses a button that opens a dialog. @param sees a text of the dialog, once it is complete */
export const press = (name: string, sees?: string) => async (page: Page) => {
  await page.getByRole('button', { name }).first().click();
  await page.getByRole('dialog').waitFor();
  if (sees) await page.getByRole('dialog').getByText(sees).first().waitFor();
};

/** The page has no fault that axe finds and is not too wide, in each look; and a picture of each is taken where one is wanted. */
export async function lookAt(visit: Visit, { name, path, shows, asksNothing, open, close }: Shown): Promise<void> {
  const { page } = visit;
  // The page asks again for what it still knows: an answer that came later would change it below our hands.
  const answered = asksNothing ?? page.waitForResponse('**/graphql');
  await goTo(page, path());
  await answered;
  await page.getByText(shows).first().waitFor();
  await page.locator('.skeleton').waitFor({ state: 'detached' });
  await open?.(page);
  await requireSound(page, (look) => picture(visit, name, look));
  await close?.(page);
}

/** By way of a page that is nobody's, so that no dialog stays open; without loading the console anew. */
async function goTo(page: Page, path: string) {
  for (const address of ['/console/no/such/page', path]) {
    await page.evaluate(
      `history.pushState(null, '', ${JSON.stringify(address)}); dispatchEvent(new PopStateEvent('popstate'))`,
    );
    if (address !== path) await page.getByText('There is nothing at this address').waitFor();
  }
}

/** A picture, named after the look. */
async function picture(visit: Visit, name: string, [colorScheme, width]: Look): Promise<void> {
  const file = `${name}-${width < 1280 ? `phone-${colorScheme}` : colorScheme}`;
  await visit.screenshot(`console-${file}`, KEPT.has(file));
}

/** The pictures of the documentation. */
const KEPT = new Set(['keys-light', 'keys-dark', 'key-light', 'new-key-light', 'key-revoke-light', 'keys-phone-dark']);
