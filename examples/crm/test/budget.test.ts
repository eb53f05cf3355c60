import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { openBrowser, openPage } from './support/browser';

const root = join(__dirname, '..');

interface Answer {
  readonly exitCode: number;
  readonly report: {
    readonly kept: boolean;
    readonly routes: readonly { readonly route: string; readonly breaches: readonly { kind: string }[] }[];
  };
}

test('every route of this build is within its budget', async () => {
  const { exitCode, report } = await budget();
  expect(report).toMatchObject({ kept: true, problems: [] });
  expect(exitCode).toBe(0);
  expect(report.routes.map(({ route }) => route)).toEqual(expect.arrayContaining(measuredRoutes));
});

const measuredRoutes = ['/', '/contacts', '/usage'];
const withBrowser = process.env.TEST_CHROMIUM ? describe : describe.skip;

withBrowser('what a browser transfers (needs Chromium)', () => {
  let browser: Browser;
  let folder = '';
  beforeAll(async () => {
    browser = await openBrowser();
    folder = await mkdtemp(join(tmpdir(), 'crm-budget-'));
  });
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('is what the build reports, and a difference is found out', async () => {
    const routes: Record<string, number> = {};
    for (const route of measuredRoutes) routes[route] = await transferredBytes(browser, route);

    const file = join(folder, 'measured.json');
    await writeFile(file, JSON.stringify({ encoding: 'gzip', routes }));
    expect(await budget('--measured', file)).toMatchObject({ exitCode: 0, report: { kept: true } });

    const [one = '/'] = measuredRoutes;
    const another = { ...routes, [one]: (routes[one] ?? 0) * 1.1 };
    await writeFile(file, JSON.stringify({ encoding: 'gzip', routes: another }));
    const { exitCode, report } = await budget('--measured', file);
    expect(exitCode).toBe(1);
    expect(report.routes.flatMap(({ route, breaches }) => breaches.map(({ kind }) => [route, kind]))).toEqual(
      [[one, 'measured']],
    );
  });
});

/** The command as `npm run budget` runs it. */
function budget(...argv: readonly string[]): Promise<Answer> {
  const cli = join(root, 'node_modules/@unite/ops/dist/cli.js');
  const all = [cli, 'budget', '--config', 'budget.config.ts', '--json', ...argv];
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, all, { cwd: root, maxBuffer: 1e8 }, (_error, stdout, stderr) => {
      try {
        resolve({ exitCode: child.exitCode ?? -1, report: JSON.parse(stdout) });
      } catch {
        reject(new Error(`unite budget said ${stdout}${stderr}`));
      }
    });
  });
}

/** JavaScript on the wire for the first load of a route: the scripts that its document names, with their headers. */
async function transferredBytes(browser: Browser, route: string): Promise<number> {
  const page = await openPage(browser);
  const signedIn = await page.request.post('/api/session', { data: { userId: 'copperline-esra' } });
  expect(signedIn.ok()).toBe(true);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  const scripts = new Set<string>();
  let bytes = 0;
  devtools.on('Network.requestWillBeSent', ({ requestId, type, initiator }) => {
    // What other scripts load later is not part of it, also where it comes early.
    if (type === 'Script' && initiator.type === 'parser') scripts.add(requestId);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto(route, { waitUntil: 'load' });
  await page.context().close();
  return bytes;
}
