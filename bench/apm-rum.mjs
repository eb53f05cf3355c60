/**
 * Page views in Chromium with consent, and without: each one that was consented to is one view at a stand-in for
 * Datadog's intake (a local server that reads the lines which the library sends to its `proxy`), and of the others there
 * is nothing: no request, no cookie, no storage. Also the size of `@unite/apm/browser`.
 *
 * node apm-rum.mjs [--quick]   (build the packages first; needs Chromium: CHROMIUM_PATH)
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { findChromium } from '../examples/crm/test/support/install-chromium.mjs';
import { Report } from './lib/report.mjs';

const apm = new URL('../packages/apm/', import.meta.url);
const require = createRequire(new URL('package.json', apm));
const { build } = require('esbuild');
const { chromium } = require('playwright-core');

const count = process.argv.includes('--quick') ? 50 : 1_000;
const pagesAtATime = 4;
const resolveDir = fileURLToPath(apm);
const maxEntryBytes = 2_500;

const executablePath = findChromium();
if (!executablePath) {
  console.log('skipped: there is no Chromium (set CHROMIUM_PATH)');
  process.exit(0);
}

const entry = await build({
  entryPoints: [`${resolveDir}dist/browser.js`],
  bundle: true,
  minify: true,
  format: 'esm',
  write: false,
});
const entryBytes = gzipSync(entry.outputFiles[0].contents).length;

const { outputFiles } = await build({
  stdin: {
    contents: `import { startBrowserApm } from './dist/browser.js';
      startBrowserApm({
        service: { name: 'crm', release: 'crm@1' },
        consent: location.hash === '#granted' ? 'granted' : 'denied',
        datadog: { load: () => import('@datadog/browser-rum'), applicationId: 'a', clientToken: 'pub1', proxy: '/rum' },
      });`,
    resolveDir,
  },
  bundle: true,
  minify: true,
  splitting: true,
  format: 'esm',
  outdir: '/assets',
  write: false,
});
const assets = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
const views = new Set();
let requests = 0;
const server = createServer(async (request, response) => {
  const path = request.url.split('?')[0];
  if (assets.has(path)) return response.setHeader('content-type', 'text/javascript').end(assets.get(path));
  if (path !== '/rum') {
    response.setHeader('content-type', 'text/html');
    return response.end(
      '<!doctype html><link rel="icon" href="data:,"><title>x</title><h1>Contacts</h1><script type="module" src="/assets/stdin.js"></script>',
    );
  }
  requests += 1;
  let body = '';
  for await (const chunk of request) body += chunk;
  for (const line of body.split('\n').filter(Boolean)) {
    const { type, view } = JSON.parse(line);
    if (type === 'view') views.add(view.id);
  }
  response.end();
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

const stored = await visit('#denied', async (page) => {
  await page.waitForLoadState('load');
});
const denied = { views: views.size, requests };
// A page that is left before the library has begun is none of its views.
await visit('#granted', (page) => page.waitForFunction('window.DD_RUM?.getInternalContext()?.view?.id'));
const endsAtMs = Date.now() + 10_000;
while (views.size < count && Date.now() < endsAtMs) await new Promise((resolve) => setTimeout(resolve, 50));
await browser.close();
server.close();
server.closeAllConnections();

const report = new Report({
  title: 'Page views in a browser',
  subject: 'apm',
  about:
    'Chromium with consent, and without: each page view that was consented to is one view at a stand-in for Datadog’s intake, and of the others there is nothing: no request, no cookie, no storage.',
});
report.table(
  'Page views',
  ['', 'pages', 'views', 'requests', 'cookies and keys'],
  [
    ['with consent', count, views.size, requests, ''],
    ['without', count, denied.views, denied.requests, stored],
  ],
);
report.claim(`${count} page views with consent are ${count} views`, views.size === count, {
  figure: `${views.size}`,
});
report.claim(
  `${count} page views without are none, and nothing is stored`,
  denied.requests + denied.views + stored === 0,
);
report.claim(
  `@unite/apm/browser is below ${maxEntryBytes} bytes, minified and gzipped`,
  entryBytes < maxEntryBytes,
  { figure: `${entryBytes} bytes` },
);
report.end();

/** @returns how many cookies and keys there are afterwards */
async function visit(hash, seen) {
  const context = await browser.newContext({ baseURL: origin });
  let left = count;
  await Promise.all(
    Array.from({ length: pagesAtATime }, async () => {
      const page = await context.newPage();
      while (left > 0) {
        left -= 1;
        await page.goto(`/page/${left}${hash}`);
        await seen(page);
        // Leaving the page is when the library sends what it has.
        await page.goto('about:blank');
      }
    }),
  );
  const page = await context.newPage();
  await page.goto(`/page/0#denied`);
  const keys = await page.evaluate('localStorage.length + sessionStorage.length');
  const cookies = await context.cookies();
  await context.close();
  return keys + cookies.length;
}
