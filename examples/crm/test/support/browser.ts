import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type Axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';

const screenshots = join(__dirname, '../../../../.unite/screenshots');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Where every screen is looked at. */
export const looks = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
} satisfies Record<string, BrowserContextOptions>;

export type Look = keyof typeof looks;

export async function openBrowser(): Promise<Browser> {
  await mkdir(screenshots, { recursive: true });
  return chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page that fails the test on an error in the browser. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = looks.light,
): Promise<Page> {
  const context = await browser.newContext({ baseURL: process.env.TEST_ORIGIN ?? '', ...options });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  return page;
}

/** Signs in through the start page, as a person would. */
export async function choose(page: Page, person: string): Promise<void> {
  await page.goto('/');
  await page.getByRole('main').getByRole('button', { name: person }).click();
  await page.getByRole('heading', { name: 'Contacts' }).waitFor();
  await takenOver(page.locator('tbody tr a').first());
}

/** For what a page says if it is known at once: else the next page says it. */
export async function reloadedUntil(page: Page, isThere: Locator): Promise<void> {
  while (!(await isThere.isVisible())) await page.reload();
}

/** Until script has taken over what the server has rendered: a click before is the browser's own affair. */
export async function takenOver(element: Locator): Promise<void> {
  const isReacts = (node: object) => Object.keys(node).some((name) => name.startsWith('__reactProps'));
  while (!(await element.evaluate(isReacts)));
}

/** No accessibility violation, nothing wider than the screen; and a picture of it. */
export async function inspect(page: Page, name: string, fullPage = false): Promise<void> {
  // It follows a navigation without a page being loaded.
  await page.waitForFunction(() => document.title !== '');
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof Axe }).axe.run({
      // What passes is not described, node by node.
      resultTypes: ['violations'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
  const tooWide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  await page.screenshot({ path: join(screenshots, `crm-${name}.png`), fullPage });
  expect({ name, found, tooWide }).toEqual({ name, found: [], tooWide: 0 });
}

/** The same in every look, one after the other; ends in light. */
export async function inspectInEachLook(page: Page, name: string, fullPage = false): Promise<void> {
  for (const look of ['narrow', 'dark', 'light'] satisfies Look[]) {
    await putIn(page, look);
    await inspect(page, look === 'light' ? name : `${name}-${look}`, fullPage);
  }
}

/** Turns a page that was opened in light into another look, fingers included. */
async function putIn(page: Page, look: Look): Promise<void> {
  const { colorScheme, viewport } = looks[look];
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: look === 'narrow' });
  await session.detach();
  // A colour that is changing has no contrast yet.
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize(viewport);
}
