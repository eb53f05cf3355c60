import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { contextMiddleware } from '@unite/core/express';
import { build } from 'esbuild';
import express from 'express';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { browserSpansMiddleware, tracingMiddleware } from '../../src/express';
import { mark, type TracedProcess, tracedProcess } from '../support/traced-process';

const withBrowser = process.env.TEST_CHROMIUM ? describe : describe.skip;

withBrowser('in a browser (needs Chromium, which only root can install: set CHROMIUM_PATH)', () => {
  let browser: Browser;
  let script: string;
  let traced: TracedProcess;
  let server: Server;
  let origin: string;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    const entry = require.resolve('../../src/browser/start-browser-tracing.ts');
    const { outputFiles } = await build({
      stdin: {
        contents: `import { startBrowserTracing } from ${JSON.stringify(entry)};
          window.tracing = startBrowserTracing({ flushAfterMs: location.hash === '#hold' ? 600_000 : 200 });`,
        resolveDir: __dirname,
      },
      bundle: true,
      write: false,
    });
    script = outputFiles[0]?.text ?? '';
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

  beforeEach(async () => {
    traced = tracedProcess();
    const app = express();
    app.post('/api/browser-spans', browserSpansMiddleware(traced));
    app.use(contextMiddleware());
    app.use(tracingMiddleware(traced));
    app.get('/page/:id', (_request, response) => {
      const more = '<button onclick="this.textContent = 1">press</button>';
      response.send(`<!doctype html><title>x</title><h1>Contacts</h1>${more}<script>${script}</script>`);
    });
    app.get('/api/contacts/:id', (_request, response) => {
      mark(traced, 'query');
      response.json({ name: 'Ada' });
    });
    app.get('/broken', (request) => void request.socket.destroy());
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    complaints = [];
    context = await browser.newContext({ baseURL: origin });
    context.setDefaultTimeout(60_000);
    page = await context.newPage();
    page.on('pageerror', ({ message }) => complaints.push(message));
  });
  afterEach(async () => {
    await context.close();
    server.close();
    server.closeAllConnections();
    expect(complaints).toEqual([]);
  });

  /** The browser has measured something of this type. */
  const measured = (type: string) =>
    page.evaluate(
      (type) =>
        new Promise<void>((resolve) =>
          new PerformanceObserver(() => resolve()).observe({ type, buffered: true }),
        ),
      type,
    );

  test('a request is one tree, from the fetch to the query', async () => {
    await page.goto('/page/7');
    const name = await page.evaluate(
      async () => (await (await fetch('/api/contacts/7?token=secret')).json()).name,
    );
    expect(name).toBe('Ada');
    const query = await traced.ended('query');
    const fetched = await traced.ended('GET /api/contacts/:id', SpanKind.CLIENT);
    const served = await traced.ended('GET /api/contacts/:id', SpanKind.SERVER);
    const { traceId } = query.spanContext();
    expect(fetched.spanContext().traceId).toBe(traceId);
    expect(served.spanContext().traceId).toBe(traceId);
    expect(query.parentSpanContext?.spanId).toBe(served.spanContext().spanId);
    expect(served.parentSpanContext?.spanId).toBe(fetched.spanContext().spanId);
    expect(fetched.parentSpanContext).toBeUndefined();
    expect(served.links).toEqual([]);
    expect(fetched.resource.attributes['service.name']).toBe('crm-browser');
    expect(fetched.attributes).toEqual({ 'http.request.method': 'GET', 'http.response.status_code': 200 });
    expect(traced.propagation.stats()).toEqual({ trusted: 0, linked: 0, browser: 1, malformed: {} });
  });

  test('the load of the page is below its server span, with its vitals', async () => {
    await page.goto('/page/7#hold');
    await measured('paint');
    await measured('largest-contentful-paint');
    await page.evaluate('tracing.close()');
    const load = await traced.ended('page /page/7');
    const served = await traced.ended('GET /page/:id');
    expect(load.spanContext().traceId).toBe(served.spanContext().traceId);
    expect(load.parentSpanContext?.spanId).toBe(served.spanContext().spanId);
    expect(load.attributes).toMatchObject({
      'unite.web_vital.ttfb_ms': expect.any(Number),
      'unite.web_vital.fcp_ms': expect.any(Number),
      'unite.web_vital.lcp_ms': expect.any(Number),
    });
    expect(load.attributes['unite.web_vital.fcp_ms']).toBeGreaterThanOrEqual(
      load.attributes['unite.web_vital.ttfb_ms'] as number,
    );
  });

  test('a page that is left sends what waits, and what was pressed', async () => {
    await page.goto('/page/7');
    const load = await traced.ended('page /page/7');
    await page.getByRole('button').click();
    await measured('first-input');
    await page.goto('about:blank');
    const vitals = await traced.ended('web vitals');
    expect(vitals.parentSpanContext?.spanId).toBe(load.spanContext().spanId);
    expect(vitals.attributes['unite.web_vital.inp_ms']).toBeGreaterThanOrEqual(0);
  });

  test('a request that fails is below the page', async () => {
    await page.goto('/page/7');
    const failure = await page.evaluate(() => fetch('/broken').catch(({ name }) => name));
    expect(failure).toBe('TypeError');
    await page.evaluate('tracing.close()');
    const failed = await traced.ended('GET /broken', SpanKind.CLIENT);
    const load = await traced.ended('page /page/7');
    expect(failed.status.code).toBe(SpanStatusCode.ERROR);
    expect(failed.parentSpanContext?.spanId).toBe(load.spanContext().spanId);
  });
});
