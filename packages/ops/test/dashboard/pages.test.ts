import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type Axe from 'axe-core';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import type { StreamFrame } from '../../src/dashboard/screen-types';
import { recordedAtMs, rowAt, screenNames, secondAt } from '../support/dashboard/full-pages';
import { startPageServer } from '../support/dashboard/page-server';
import { empty, full, hostile, type PageSet } from '../support/dashboard/page-sets';

declare global {
  interface Window {
    axe: typeof Axe;
    /** What the policy has forbidden. */
    violations: string[];
    /** Set by what strangers have named, if it ever runs. */
    ran?: number;
  }
}

const executablePath = process.env.TEST_CHROMIUM;
const withBrowser = executablePath ? describe : describe.skip;

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const paths = [...screenNames.map((name) => (name === 'now' ? '' : `/${name}`)), '/traces/4bf92f35'];
/** Those of the documentation: see scripts/screenshots.mjs. */
const pictures: Readonly<Record<string, readonly string[]>> = {
  light: ['', '/requests', '/database'],
  dark: ['', '/traces/4bf92f35'],
  narrow: [''],
};
const screenshots = join(__dirname, '../../../../.unite/screenshots');
const wide = { width: 1280, height: 800 };
const looks = {
  light: { colorScheme: 'light', viewport: wide },
  dark: { colorScheme: 'dark', viewport: wide },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
} as const;

withBrowser('the dashboard in Chromium (needs Chromium)', () => {
  let browser: Browser;
  let page: Page;
  let fingers: CDPSession;
  let server: Awaited<ReturnType<typeof startPageServer>>;
  let complaints: string[];

  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true });
    server = await startPageServer(full);
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
    });
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    page = await context.newPage();
    fingers = await context.newCDPSession(page);
    await page.addInitScript(axe);
    await page.addInitScript(() => {
      window.violations = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, sample }) => {
        window.violations.push(`${effectiveDirective} ${sample}`);
      });
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => complaints.push(message.text()));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    complaints = [];
    server.policy = 'own';
    server.pages = full;
    server.isRefusing = false;
    server.greeting = undefined;
    await page.setViewportSize(wide);
    await page.emulateMedia({ colorScheme: 'light' });
    await fingers.send('Emulation.setTouchEmulationEnabled', { enabled: false });
  });

  const frameOf = (second: number, newest: number, change: Partial<StreamFrame> = {}): StreamFrame => {
    const atMs = recordedAtMs + second * 1_000;
    const { verdicts } = full.screens.now;
    const rows = newest > 48_210 ? [rowAt(newest)] : [];
    const pulse = { ...secondAt(299), atMs };
    return { atMs, pulse, requests: rows, skipped: 0, total: newest, versions: {}, verdicts, ...change };
  };
  const open = async (path: string) => {
    await page.goto(`${server.origin}/ops${path}`);
    await page.locator('h1').waitFor();
  };
  const show = (name: string) => page.getByText(name).first().waitFor();

  const picture = async (path: string, look: string) => {
    const name = path.split('/')[1] ?? 'now';
    await page.screenshot({ path: join(screenshots, `dashboard-${name}-${look}.png`) });
  };

  /** What is wrong with a page as it is seen now. */
  const faults = async (rules: 'every rule' | 'contrast' | 'all but contrast' | 'no rule') => {
    const found = await page.evaluate(async (chosen) => {
      // Before axe, which sets some, and leaves them empty.
      const styled = document.querySelector('#app [style]:not([style=""])');
      const options: Axe.RunOptions =
        chosen === 'contrast'
          ? { runOnly: ['color-contrast'] }
          : { rules: { 'color-contrast': { enabled: chosen === 'every rule' } } };
      const { violations } =
        chosen === 'no rule'
          ? { violations: [] }
          : await window.axe.run({ ...options, resultTypes: ['violations'] });
      const { scrollWidth, clientWidth } = document.documentElement;
      const targets = matchMedia('(pointer: coarse)').matches
        ? [...document.querySelectorAll('a:not(.skip-link), button, summary, input, select')]
        : [];
      const small = targets.filter((target) => target.checkVisibility() && target.clientHeight < 42);
      return [
        ...violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
        ...window.violations,
        ...small.map(({ outerHTML }) => `too small for a finger: ${outerHTML}`),
        ...(scrollWidth > clientWidth ? [`${scrollWidth} px wide`] : []),
        ...(window.ran ? ['a script of a stranger ran'] : []),
        ...(styled ? [`a style of its own: ${styled.outerHTML}`] : []),
      ];
    }, rules);
    return [...found, ...complaints];
  };

  test('every screen is sound in light, in dark and at 360 px', async () => {
    server.greeting = frameOf(1, 48_211);
    for (const path of paths) {
      await open(path);
      await show('Live, 14:03:21 UTC');
      for (const look of ['light', 'dark', 'narrow'] as const) {
        const { viewport, colorScheme } = looks[look];
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        await fingers.send('Emulation.setTouchEmulationEnabled', { enabled: look === 'narrow' });
        // In the dark nothing but the colours is another; where it is narrow they are those of light.
        const rules = ({ light: 'every rule', dark: 'contrast', narrow: 'all but contrast' } as const)[look];
        expect({ path, look, faults: await faults(rules) }).toEqual({ path, look, faults: [] });
        if (pictures[look]?.includes(path)) await picture(path, look);
      }
    }
  });

  test.each<[string, PageSet, 'all but contrast' | 'no rule']>([
    ['with nothing to show', empty, 'all but contrast'],
    ['with names made to do harm', hostile, 'no rule'],
  ])('every screen is sound %s, under the plainest policy', async (_, pages, rules) => {
    server.pages = pages;
    server.policy = 'plain';
    await page.setViewportSize(looks.narrow.viewport);
    for (const path of paths) {
      await open(path);
      expect({ path, faults: await faults(rules) }).toEqual({ path, faults: [] });
      await page.setViewportSize(wide);
      expect({ path, faults: await faults('no rule') }).toEqual({ path, faults: [] });
      await page.setViewportSize(looks.narrow.viewport);
    }
  });

  test('the keyboard leads to every screen, without a page being loaded', async () => {
    await open('');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    for (const title of [
      'Requests',
      'Traces',
      'Errors',
      'SLOs',
      'Cache',
      'Quota',
      'Database',
      'Releases',
      'Drills',
    ]) {
      await page.getByRole('navigation').getByRole('link', { name: title }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      expect(await page.title()).toBe(`${title}, crm`);
      expect(page.url()).toBe(`${server.origin}/ops/${title.toLowerCase()}`);
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    }
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Releases' }).waitFor();
    expect(await page.evaluate(() => 'isSamePage' in window)).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('a live list stands still while it is paused or has the focus, and says what is new', async () => {
    await open('/requests');
    await server.untilViewers(1);
    server.send(frameOf(1, 48_211));
    await show('Live, 14:03:21 UTC');
    await show('Last 500 of 48,211');
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    server.send(frameOf(2, 48_212));
    await page.getByRole('button', { name: '1 new, show' }).press('Enter');
    await show('Last 500 of 48,212');
    await show('Paused at 14:03:22 UTC');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.getByRole('button', { name: 'Pause' }).press('Enter');
    await page.getByRole('region', { name: 'Requests, the newest first' }).focus();
    server.send(frameOf(3, 48_213));
    await show('1 new, show');
    await page.getByRole('button', { name: 'Pause' }).focus();
    await show('Last 500 of 48,213');
    expect(complaints).toEqual([]);
  });

  test('a table is sorted by its heads, and filtered as the address says', async () => {
    await open('/requests?status=5xx');
    const head = page.getByRole('columnheader', { name: 'Took' });
    await head.getByRole('button').click();
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    await page.getByLabel('Slower than, ms').fill('99999');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    expect(page.url()).toBe(`${server.origin}/ops/requests`);
    await page.getByRole('button', { name: 'Show all 500' }).click();
    expect(
      await page.getByRole('region', { name: 'Requests, the newest first' }).locator('tbody tr').count(),
    ).toBe(500);
  });

  test('what is down is an alert, and fetched anew where it is looked at', async () => {
    await open('/database');
    await server.untilViewers(1);
    server.send(frameOf(1, 48_210, { versions: { database: 1 } }));
    await show('Live, 14:03:21 UTC');
    const verdicts = [{ screen: 'cache', verdict: 'down', sentence: 'Redis is down.' }] as const;
    server.send(frameOf(2, 48_210, { verdicts: [{ screen: 'cache', verdict: 'ok', sentence: '' }] }));
    server.send(frameOf(3, 48_210, { verdicts }));
    await page.getByRole('alert').filter({ hasText: 'Cache is down.' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('the stream is there while the tab is looked at, and comes back when it is lost', async () => {
    await open('');
    await server.untilViewers(1);
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await server.untilViewers(0);
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await server.untilViewers(1);
    server.dropStreams();
    await show('Connection lost, trying again');
    await server.untilViewers(1);
    server.send(frameOf(4, 48_210));
    await show('Live, 14:03:24 UTC');
  });

  test('a viewer who is let in no more is told so, and asks no more', async () => {
    await open('/cache');
    await server.untilViewers(1);
    server.isRefusing = true;
    server.dropStreams();
    await show('Your access has ended');
    expect(await page.getByRole('link', { name: 'Sign in again' }).getAttribute('href')).toBe(
      `${server.origin}/ops/cache`,
    );
    const { asked } = server;
    // Another look at the tab would open a stream, if it were not over.
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.evaluate(() => new Promise(requestAnimationFrame));
    expect(server.asked).toBe(asked);
  });

  test('actions are asked for before they are done, and posted with their header', async () => {
    await open('/cache');
    await page.getByRole('textbox', { name: 'Tag' }).fill('contacts');
    await page.getByRole('button', { name: 'Invalidate' }).click();
    await show('“contacts” is invalid now');
    await open('/drills');
    await page.getByRole('button', { name: 'Start Freeze Redis' }).click();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Leave it');
    await page.getByRole('button', { name: 'Break it now' }).click();
    await show('Started');
    await page.getByRole('button', { name: 'Restore' }).click();
    await show('Restored');
    expect(server.actions).toEqual(
      [
        ['invalidate', { tag: 'contacts' }],
        ['drill', { name: 'freeze-redis', action: 'start' }],
        ['drill', { name: 'kill-replica', action: 'stop' }],
      ].map(([name, body]) => ({ path: `/ops/actions/${name}`, header: '1', body: JSON.stringify(body) })),
    );
  });
});
