import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

/**
 * Opens a page with a script of its own in Chromium, and waits until something was posted to a path.
 *
 * @param script a module, which may import what is installed
 * @param path where the page is to post
 * @param isIt whether this body is what is waited for
 */
export async function postedByPage(
  script: string,
  path: string,
  isIt: (body: string) => boolean,
): Promise<string> {
  const stdin = { contents: script, resolveDir: process.cwd(), loader: 'ts' } as const;
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: '/assets',
    write: false,
  });
  const assets = new Map(outputFiles.map((file) => [file.path, file.text]));
  let resolve: (body: string) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<string>((settle, fail) => {
    [resolve, reject] = [settle, fail];
  });
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    const asset = assets.get(pathname);
    if (asset) return void response.setHeader('content-type', 'text/javascript').end(asset);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    bodies.push(`${request.method} ${pathname} ${body.slice(0, 500)}`);
    if (request.method === 'POST' && pathname === path && isIt(body)) resolve(body);
    response.setHeader('content-type', 'text/html');
    response.end(
      '<!doctype html><link rel="icon" href="data:,"><h1>x</h1><script type="module" src="/assets/stdin.js"></script>',
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const args = ['--no-sandbox', '--disable-gpu'];
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args,
  });
  const page = await browser.newPage();
  page.on('pageerror', (error) => bodies.push(String(error)));
  const timer = setTimeout(() => reject(new Error(`Not posted to ${path}:\n${bodies.join('\n')}`)), 60_000);
  try {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.click('h1');
    // What is told when a page is left.
    await page.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    });
    return await promise;
  } finally {
    clearTimeout(timer);
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}
