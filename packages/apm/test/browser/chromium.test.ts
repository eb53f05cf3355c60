import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { parseEnvelope } from '@sentry/core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { browserErrorsHandler, browserVitalsHandler, feedbackHandler } from '../../src/browser-errors';

import { type PageServer, startPageServer } from './support/page-server';

const executablePath = process.env.TEST_CHROMIUM;
const withBrowser = executablePath ? describe : describe.skip;

/** The page reads from its address what is consented to, and what is set up. */
const script = `
  import { startBrowserApm } from ${JSON.stringify(require.resolve('../../src/browser'))};
  const has = (name: string) => location.hash.includes(name);
  const options = () => ({
    service: { name: 'crm', release: 'crm@1', environment: 'test', deployment: { id: 'deploy-7' } },
    consent: has('later') ? (tell) => { (window as any).tell = tell; } : has('granted') ? 'granted' : 'denied',
    ...(has('rum') && { datadog: {
      load: () => import('@datadog/browser-rum'), applicationId: 'a', clientToken: 'pub1', proxy: '/rum',
      sessionReplaySampleRate: has('record') ? 100 : undefined,
    } }),
    ...(has('sentry') && { sentry: {
      load: () => import('@sentry/browser'), dsn: 'https://abc@o1.ingest.sentry.io/1', tunnel: '/tunnel',
      replaysSessionSampleRate: has('record') ? 1 : 0,
    } }),
    errors: { url: '/api/errors', withoutConsent: has('errors-anyway') },
    vitals: { url: '/api/vitals', load: () => has('broken') ? Promise.reject(new Error('no file')) : import('web-vitals') },
    ...(has('no-feedback') ? {} : { feedback: { url: '/api/feedback' } }),
  });
  (window as any).apm = startBrowserApm(options() as never);
  (window as any).again = () => startBrowserApm(options() as never) === (window as any).apm;
`;

withBrowser('in a browser (needs Chromium: set CHROMIUM_PATH)', () => {
  let browser: Browser;
  let site: PageServer;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
    ];
    [browser, site] = await Promise.all([
      chromium.launch({ executablePath: executablePath ?? '', args }),
      startPageServer(script),
    ]);
  }, 60_000);
  afterAll(() => Promise.all([browser?.close(), site?.stop()]));

  beforeEach(async () => {
    site.paths.length = 0;
    site.rumEvents.length = 0;
    site.bodies.clear();
    site.handlers = {};
    context = await browser.newContext({ baseURL: site.origin });
    page = await context.newPage();
  });
  afterEach(() => context.close());

  const stored = async () => ({
    cookies: (await context.cookies()).map(({ name, value }) => [name, value]),
    storage: await page.evaluate('Object.keys(localStorage).concat(Object.keys(sessionStorage))'),
  });
  const viewIds = () =>
    new Set(
      site.rumEvents
        .filter(({ type }) => type === 'view')
        .map(({ view }) => (view as unknown as { id: string }).id),
    );
  async function until(holds: () => unknown): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const fail = (message: string) =>
    page.evaluate(
      (message) =>
        void setTimeout(() => {
          throw new TypeError(message);
        }),
      message,
    );

  test('without consent nothing is loaded, sent or stored', async () => {
    await page.goto('/page/7#rum sentry record');
    await page.getByRole('button').click();
    await fail('not to be told');
    await page.evaluate("Promise.reject(new Error('nor this'))").catch(() => {});
    await page.goto('about:blank');
    await page.goto('/page/8');
    expect(await stored()).toEqual({ cookies: [], storage: [] });
    expect(site.paths.filter((path) => !path.startsWith('/assets/'))).toEqual(['/page/7', '/page/8']);
    // None of the libraries.
    expect(site.loadedBytes()).toBeLessThan(2 * 15_000);
  });

  test('with consent each page is one view, with its release', async () => {
    for (const id of [1, 2, 3]) {
      await page.goto(`/page/${id}#rum granted`);
      await until(() => page.evaluate('Boolean(window.DD_RUM?.getInternalContext()?.view?.id)'));
      await page.goto('about:blank');
    }
    await until(() => viewIds().size === 3);
    expect(site.rumEvents.find(({ type }) => type === 'view')).toMatchObject({
      service: 'crm',
      version: 'crm@1',
      application: { id: 'a' },
    });
    expect(viewIds().size).toBe(3);
  });

  test('consent that is given later starts, and withdrawn stops and clears', async () => {
    await page.goto('/page/7#rum sentry record later');
    expect(site.loadedBytes()).toBeLessThan(15_000);
    await page.evaluate("tell('granted')");
    await until(() =>
      page.evaluate("document.cookie.includes('_dd_s') && sessionStorage.sentryReplaySession"),
    );
    await page.evaluate("apm.consent('denied')");
    // The mark that the session has ended is all that is left.
    await until(async () => {
      const { cookies, storage } = await stored();
      return (
        cookies.every(([, value]) => !value || /^isExpired=1(?!.*\bid=)/.test(value)) && !String(storage)
      );
    });
    await until(async () => {
      const before = site.paths.length;
      await page.waitForTimeout(100);
      return site.paths.length === before;
    });
    const before = site.paths.length;
    await fail('not to be told');
    await page.getByRole('button').click();
    await page.waitForTimeout(300);
    expect(site.paths.slice(before)).toEqual([]);
    await page.evaluate("apm.consent('granted')");
    await until(() =>
      page.evaluate("document.cookie.includes('_dd_s') && sessionStorage.sentryReplaySession"),
    );
    await fail('told again');
    await until(() => site.bodies.get('/tunnel')?.some((body) => body.includes('told again')));
  });

  test('an error goes to Sentry by the tunnel, with release and deployment', async () => {
    await page.goto('/page/7#sentry granted');
    await until(() => site.paths.length > 2 && page.evaluate('Boolean(window.__SENTRY__)'));
    await fail('to be told');
    await until(() => site.bodies.get('/tunnel')?.some((body) => body.includes('to be told')));
    const body = site.bodies.get('/tunnel')?.find((one) => one.includes('to be told')) ?? '';
    const [header, items] = parseEnvelope(body);
    expect(header).toMatchObject({ dsn: 'https://abc@o1.ingest.sentry.io/1' });
    expect(items[0]?.[1]).toMatchObject({ release: 'crm@1', environment: 'test', dist: 'deploy-7' });
  });

  test('an error of the page arrives once, with its stack, page and trace', async () => {
    const captureError = jest.fn<(error: unknown, options?: object) => string>(() => 'id');
    const routes = () => [{ route: 'GET /page/[id]', requests: 1, errors: 0, p50Ms: 1, p95Ms: 1, p99Ms: 1 }];
    site.handlers['/api/errors'] = browserErrorsHandler({ captureError, routes });
    await page.goto('/page/7?token=x#errors-anyway');
    for (const message of ['first', 'first', '€'.repeat(3_000)]) await fail(message);
    await page.evaluate("void Promise.reject({ get name() { throw 1; } }); void Promise.reject('a text')");
    await until(() => captureError.mock.calls.length === 3);
    expect(captureError.mock.calls.map(([error]) => (error as Error).message.slice(0, 10)).sort()).toEqual([
      'a text',
      'first',
      '€'.repeat(10),
    ]);
    const [error, options] =
      captureError.mock.calls.find(([one]) => (one as Error).message === 'first') ?? [];
    expect((error as Error).name).toBe('TypeError');
    expect((error as Error).stack).toMatch(/^TypeError: first\n {4}at /);
    expect(options).toEqual({
      kind: 'browser',
      isHandled: false,
      tags: { pageRoute: '/page/[id]', pageRelease: 'crm@1', pageDeployment: 'deploy-7' },
      extra: { path: '/page/7', pageTraceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
    });
    for (const body of site.bodies.get('/api/errors') ?? [])
      expect(Buffer.byteLength(body)).toBeLessThanOrEqual(8_000);
    expect(await stored()).toEqual({ cookies: [], storage: [] });

    for (const index of Array(30).keys()) await fail(`flood ${index}`);
    await until(() => captureError.mock.calls.length === 20);
    await page.waitForTimeout(100);
    expect(captureError.mock.calls.length).toBe(20);
  });

  test('vitals are told when the page is left, and feedback when it is given', async () => {
    const record = jest.fn<(name: string) => void>();
    const feedback = jest.fn((_: object) => true);
    site.handlers['/api/vitals'] = browserVitalsHandler({ record, routes: () => [] });
    site.handlers['/api/feedback'] = feedbackHandler({ feedback });
    await page.goto('/page/7#granted');
    expect(await page.evaluate('again()')).toBe(true);
    await until(() => site.paths.filter((path) => path.startsWith('/assets/')).length > 2);
    const said = await page.evaluate("apm.feedback({ message: 'slow', eventId: 'e'.repeat(32) })");
    expect(said).toBe(true);
    expect(feedback).toHaveBeenCalledWith({
      message: 'slow',
      eventId: 'e'.repeat(32),
      url: `${site.origin}/page/7`,
    });
    await page.waitForTimeout(300);
    await page.goto('about:blank');
    await until(() => record.mock.calls.length >= 3);
    const names = record.mock.calls.map(([name]) => name);
    expect(names).toEqual(
      expect.arrayContaining(['browser_lcp_seconds', 'browser_fcp_seconds', 'browser_ttfb_seconds']),
    );
  });

  test('what cannot be loaded or reached does the page no harm', async () => {
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    site.handlers['/api/errors'] = async () => new Response(null, { status: 500 });
    await page.goto('/page/7#granted broken no-feedback');
    expect(await page.evaluate("apm.feedback({ message: 'x' })")).toBe(false);
    await fail('mine');
    // The page's own error may be told after its report has come.
    await until(() => site.bodies.has('/api/errors') && complaints.length > 0);
    expect(complaints).toEqual(['mine']);
  });
});
