import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { startHeldServer } from './held-server';

const withBrowser = process.env.TEST_CHROMIUM ? describe : describe.skip;

const reacts = {
  'React 19': {},
  'React 18': {
    react: dirname(require.resolve('react-18')),
    'react-dom': dirname(require.resolve('react-dom-18')),
  },
};

withBrowser('in a browser (needs Chromium, which only root can install: set CHROMIUM_PATH)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.TEST_CHROMIUM ?? '',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    });
  });
  afterAll(() => browser?.close());

  describe.each(Object.entries(reacts))('with %s', (_, alias) => {
    let server: Awaited<ReturnType<typeof startHeldServer>>;
    let context: BrowserContext;
    let page: Page;
    let complaints: string[];

    beforeAll(async () => {
      server = await startHeldServer({ '/.js': await bundle(alias) });
    });
    afterAll(() => server?.close());

    beforeEach(async () => {
      complaints = [];
      context = await browser.newContext({ baseURL: server.origin });
      context.setDefaultTimeout(60_000);
      page = await context.newPage();
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('console', (said) => {
        if (said.type() === 'error' && !said.text().startsWith('Failed to load resource'))
          complaints.push(said.text());
      });
    });
    afterEach(async () => {
      await context.close();
      server.rest();
      expect(complaints).toEqual([]);
    });

    const open = (screen: string, more = '') => page.goto(`/?screen=${screen}${more}`);
    const click = (name: string) => page.getByRole('button', { name, exact: true }).first().click();
    const shows = (text: string) =>
      page
        .locator('output')
        .first()
        .filter({ hasText: new RegExp(`^${text}$`) })
        .waitFor();
    const shown = () => page.locator('output').allTextContents();
    /** Whatever an answer sets off has happened. */
    const painted = () =>
      page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));

    test('ten components send one request', async () => {
      await open('ten');
      const request = await server.next();
      await painted();
      request.answer('one');
      await shows('one');
      expect(await shown()).toEqual(Array(10).fill('one'));
      expect(server.rest()).toEqual([]);
    });

    test('an older answer does not replace a newer one', async () => {
      await open('heedless');
      const older = await server.next();
      await click('revalidate');
      const newer = await server.next();
      newer.answer('newer');
      await shows('newer');
      const arrived = page.waitForEvent('requestfinished');
      older.answer('older');
      await arrived;
      await painted();
      expect(await shown()).toEqual(['newer']);
    });

    test('an older answer does not replace a mutation', async () => {
      await open('heedless');
      const older = await server.next();
      await click('mutate');
      await shows('mutated');
      const arrived = page.waitForEvent('requestfinished');
      older.answer('older');
      await arrived;
      await painted();
      expect(await shown()).toEqual(['mutated']);
    });

    test('a request that is replaced is aborted', async () => {
      await open('value');
      const older = await server.next();
      await click('revalidate');
      await older.closed;
      (await server.next()).answer('newer');
      await shows('newer');
    });

    test('unmounting aborts the request', async () => {
      await open('ten');
      const request = await server.next();
      await click('toggle');
      await request.closed;
      await click('toggle');
      (await server.next()).answer('one');
      await shows('one');
    });

    test('a window that is looked at again fetches', async () => {
      await open('impatient');
      (await server.next()).answer('one');
      await shows('one');
      const other = await context.newPage();
      const lookAway = () => other.bringToFront();
      // Else every page believes that it is looked at.
      const devtools = await context.newCDPSession(page);
      await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: false });
      await lookAway();
      await page.bringToFront();
      (await server.next()).answer('two');
      await shows('two');
      // Within five seconds of the last look.
      await lookAway();
      await page.bringToFront();
      await page.waitForFunction(() => document.hasFocus());
      await painted();
      expect(server.rest()).toEqual([]);
    });

    test('a machine that is online again fetches, and does not wait for the retry', async () => {
      await open('value');
      (await server.next()).answer('one');
      await shows('one');
      await context.setOffline(true);
      const failed = page.waitForEvent('requestfailed');
      await click('revalidate');
      await failed;
      await context.setOffline(false);
      (await server.next()).answer('two');
      await shows('two');
    });

    test('an interval fetches until the component is gone', async () => {
      await open('interval');
      for (const answer of ['one', 'two', 'three']) {
        (await server.next()).answer(answer);
        await shows(answer);
      }
      const last = await server.next();
      await click('toggle');
      await last.closed;
      // Four times the interval.
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
      expect(server.rest()).toEqual([]);
    });

    test('mutations are rolled back independently', async () => {
      await open('list');
      (await server.next()).answer('base');
      await shows('base');
      await click('add a');
      const first = await server.next();
      await click('add b');
      const second = await server.next();
      await shows('base a b');
      first.answer('no', 500);
      await shows('base b');
      second.answer('no', 500);
      await shows('base');
    });

    test('StrictMode sends one request, and aborts none', async () => {
      await open('value', '&strict');
      const request = await server.next();
      await painted();
      request.answer('one');
      await shows('one');
      expect(server.rest()).toEqual([]);
    });

    test.each(['', '&strict'])('suspends until there is a value, with one request %s', async (more) => {
      await open('suspense', more);
      const request = await server.next();
      await shows('waiting');
      request.answer('one');
      await shows('one');
      await painted();
      expect(await shown()).toEqual(['one', 'one']);
      expect(server.rest()).toEqual([]);
    });

    test.each([
      ['tearing', undefined],
      // What the screen above would show if it could.
      ['torn', 'after,before'],
    ])('a value that changes during a transition: %s', async (screen, torn) => {
      await open(screen);
      await page.locator('body[data-words="before"]').waitFor();
      await click('begin');
      await page.locator('output[data-round="1"]').waitFor({ state: 'attached' });
      await page.locator('body[data-words="after"]').waitFor();
      expect(await page.evaluate(() => document.body.dataset.torn)).toBe(torn);
    });
  });
});

async function bundle(alias: Record<string, string>): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [require.resolve('./screens.tsx')],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    jsx: 'automatic',
    alias,
    define: { 'process.env.NODE_ENV': '"development"' },
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}
