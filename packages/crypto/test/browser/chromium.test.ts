import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { selfSigned } from '@unite/shared/testing';
import express, { type Application } from 'express';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { csrfMiddleware, securityHeadersMiddleware } from '../../src/express';
import { type CspReport, cspReports } from '../../src/headers';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  // Reports are sent after a minute else, and only by https.
  '--short-reporting-delay',
  '--ignore-certificate-errors',
];
const executablePath = process.env.TEST_CHROMIUM;
const withBrowser = executablePath ? describe : describe.skip;

/** A page into which somebody wrote; `ran` lists the scripts that ran. */
const page = (nonce: unknown) => `<!doctype html>
<link rel="icon" href="data:,">
<base href="https://evil.example/">
<script nonce="${nonce}">
  window.ran = [];
  window.blocked = [];
  addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
</script>
<script>(window.ran ??= []).push('injected inline')</script>
<script src="/script.js?injected-file"></script>
<img src="data:," onerror="ran.push('injected handler')">
<a href="javascript:ran.push('injected link')">press</a>
<script nonce="${nonce}">
  ran.push('own');
  const loaded = document.createElement('script');
  loaded.src = location.origin + '/script.js?loaded';
  document.head.append(loaded);
</script>`;

withBrowser('in Chromium (set CHROMIUM_PATH where it is elsewhere)', () => {
  let browser: Browser;
  let context: BrowserContext;
  let tab: Page;
  let app: Application;
  let server: Server;
  let port: number;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args,
    });
  }, 60_000);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    app = express();
    app.set('env', 'test');
    server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    ({ port } = server.address() as AddressInfo);
    context = await browser.newContext();
    tab = await context.newPage();
  });
  afterEach(async () => {
    await context.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Another port would be the same site; another name of this machine is another one. */
  const own = () => `http://127.0.0.1:${port}`;
  const foreign = () => `http://localhost:${port}`;

  describe('the content policy', () => {
    const serve = () => {
      app.get('/', (_request, response) => void response.send(page(response.locals.cspNonce)));
      app.get('/frame', (_request, response) => {
        response.removeHeader('content-security-policy');
        response.removeHeader('x-frame-options');
        response.send(`<link rel="icon" href="data:,"><iframe src="${own()}/"></iframe>`);
      });
      app.get('/script.js', (request, response) => {
        const name = Object.keys(request.query)[0];
        response.type('js').send(`ran.push(${JSON.stringify(name)})`);
      });
    };
    const visit = async () => {
      await tab.goto(own());
      await tab.waitForFunction("window.ran?.includes('loaded')");
      await tab.getByText('press').click();
      return (await tab.evaluate('ran')) as string[];
    };

    test('lets nothing run but what has the nonce, and what that loads', async () => {
      app.use(securityHeadersMiddleware());
      serve();
      expect(await visit()).toEqual(['own', 'loaded']);
      const blocked = (await tab.evaluate('blocked')) as string[];
      expect([...new Set(blocked)].sort()).toEqual(['base-uri', 'script-src-attr', 'script-src-elem']);
    });

    test('without it the same page runs what was written into it', async () => {
      serve();
      await tab.goto(own());
      await tab.waitForFunction("window.ran?.includes('own')");
      expect(await tab.evaluate('ran')).toEqual(expect.arrayContaining(['injected inline']));
    });

    test('lets nobody frame the page', async () => {
      app.use(securityHeadersMiddleware());
      serve();
      await tab.goto(`${foreign()}/frame`);
      expect(tab.frames()).toHaveLength(2);
      expect(await tab.frames()[1]?.evaluate('document.body.innerText.includes("press")')).toBe(false);
    });

    test('reports what it blocks, without the query', async () => {
      const reports: CspReport[] = [];
      const handler = cspReports({ onReport: (report) => reports.push(report) });
      app.post('/csp', express.text({ type: () => true }), async (request, response) => {
        const sent = new Request('https://crm.example.com/csp', { method: 'POST', body: request.body });
        response.status((await handler(sent)).status).end();
        if (reports.some(({ directive }) => directive === 'script-src-elem')) app.emit('reported');
      });
      app.use(securityHeadersMiddleware({ csp: { reportTo: '/csp' } }));
      serve();
      const tls = createTlsServer(selfSigned, app).listen(0, '127.0.0.1');
      await once(tls, 'listening');
      const site = `https://127.0.0.1:${(tls.address() as AddressInfo).port}`;
      const reported = once(app, 'reported');
      await tab.goto(`${site}/?token=secret`);
      await reported;
      tls.close().closeAllConnections();
      expect(reports).toContainEqual({
        directive: 'script-src-elem',
        documentUrl: `${site}/`,
        blockedUrl: 'inline',
        disposition: 'enforce',
      });
      expect(JSON.stringify(reports)).not.toContain('secret');
    });
  });

  describe('csrf', () => {
    /** Where each POST came from, in the browser's words, and what it was answered with. */
    let posts: string[];

    beforeEach(() => {
      posts = [];
      app.get('/form', (request, response) => {
        response.send(
          `<link rel="icon" href="data:,"><form method="post" enctype="${request.query.type}" action="${own()}/transfer"><button>send</button></form>`,
        );
      });
      // No others: a browser asks for the icon of the page that answers, too.
      app.post('/transfer', ({ headers }, response, next) => {
        response.once('finish', () => {
          posts.push(`${headers['sec-fetch-site']}, ${headers.origin}: ${response.statusCode}`);
          app.emit('post');
        });
        next();
      });
      app.use(csrfMiddleware());
      app.post('/transfer', (_request, response) => void response.send('done'));
    });
    const afterPost = (act: () => Promise<unknown>) => Promise.all([once(app, 'post'), act()]);
    const send = () => `void fetch('${own()}/transfer', { method: 'POST', mode: 'no-cors' })`;

    test('a form of the site is taken', async () => {
      await tab.goto(`${own()}/form`);
      await afterPost(() => tab.getByText('send').click());
      expect(posts).toEqual([`same-origin, ${own()}: 200`]);
    });

    test.each(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])(
      'a form of another site is not (%s)',
      async (type) => {
        await tab.goto(`${foreign()}/form?type=${type}`);
        await afterPost(() => tab.getByText('send').click());
        expect(posts).toEqual([`cross-site, ${foreign()}: 403`]);
      },
    );

    test('nor what a script of another site sends', async () => {
      await tab.goto(`${foreign()}/form`);
      await afterPost(() => tab.evaluate(send()));
      expect(posts).toEqual([`cross-site, ${foreign()}: 403`]);
    });

    test('nor what a sandboxed frame of the site itself sends', async () => {
      await tab.goto(`${own()}/form`);
      await afterPost(() =>
        tab.evaluate((html) => {
          const frame = document.createElement('iframe');
          frame.setAttribute('sandbox', 'allow-scripts');
          frame.srcdoc = html;
          document.body.append(frame);
        }, `<script>${send()}</script>`),
      );
      expect(posts).toEqual(['cross-site, null: 403']);
    });
  });
});
