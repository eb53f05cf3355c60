import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { type CookieSessions, createCookieSessions, createLogin, type Login } from '../../src/oauth';
import type { Person } from './support/crm';
import { type IdentityProviderProcess, startIdentityProvider } from './support/start-identity-provider';

const executablePath = process.env.TEST_CHROMIUM;
const withBrowser = executablePath ? describe : describe.skip;

withBrowser('in a browser (needs Chromium: set CHROMIUM_PATH)', () => {
  let browser: Browser;
  let provider: IdentityProviderProcess;
  let server: Server;
  let site: string;

  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    // Another site than the provider: cookies that are too strict would be missing on the way back.
    site = `http://localhost:${(server.address() as AddressInfo).port}`;
    const redirectUri = `${site}/login/callback`;
    [browser, provider] = await Promise.all([
      chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox', '--disable-gpu'] }),
      startIdentityProvider({ clients: [{ client_id: 'crm', redirect_uris: [redirectUri] }] }),
    ]);
    const sessions = createCookieSessions<Person>({
      secrets: ['of this test, and long enough for it'],
      parse: (value) => value as Person,
      secure: false,
    });
    const login = createLogin({
      issuer: provider.issuer,
      clientId: 'crm',
      redirectUri,
      sessions,
      secrets: ['of this test, and long enough for it'],
      toSession: ({ sub, name }) => ({ id: sub, name }),
      allowInsecureHttp: true,
    });
    serve(server, site, sessions, login);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([browser?.close(), provider?.stop()]);
    server?.close();
    server?.closeAllConnections();
  });

  test('a person signs in where they were going, and out again', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${site}/contacts?page=2`);
    expect(await page.locator('h1').textContent()).toBe('Nobody');

    await page.getByRole('link', { name: 'Sign in' }).click();
    expect(new URL(page.url()).origin).toBe(provider.issuer);
    expect(await page.locator('h1').textContent()).toBe('Who are you?');
    const people = page.getByRole('group', { name: 'Lantern Studio' }).getByRole('button');
    expect(await people.allTextContents()).toEqual([
      'Ada, owner',
      'Bela, manager',
      'Cyrus, member',
      'Dina, viewer',
    ]);
    await people.first().click();

    expect(page.url()).toBe(`${site}/contacts?page=2`);
    expect(await page.locator('h1').textContent()).toBe('Ada');
    const cookies = (await page.context().cookies(site)).filter(({ name }) => !name.startsWith('_'));
    expect(cookies).toEqual([
      expect.objectContaining({ name: 'session', httpOnly: true, sameSite: 'Lax', path: '/' }),
    ]);
    expect(await page.evaluate('document.cookie')).toBe('');

    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(page.url()).toBe(`${site}/`);
    expect(await page.locator('h1').textContent()).toBe('Nobody');
    await page.context().close();
  });

  test('two tabs sign in at once, and going back to a callback signs nobody in', async () => {
    const context = await browser.newContext();
    const [one, other] = [await context.newPage(), await context.newPage()];
    await one.goto(`${site}/login?returnTo=/one`);
    await other.goto(`${site}/login?returnTo=/other`);
    const callbacks: string[] = [];
    context.on('request', (request) => {
      if (request.url().includes('/callback?')) callbacks.push(request.url());
    });
    await one.getByRole('button', { name: 'Ada' }).click();
    await other.getByRole('button', { name: 'Ada' }).click();
    expect([one.url(), other.url()]).toEqual([`${site}/one`, `${site}/other`]);
    expect(callbacks).toHaveLength(2);

    expect((await one.goto(callbacks[0] ?? ''))?.status()).toBe(400);
    const stranger = await (await browser.newContext()).newPage();
    expect((await stranger.goto(callbacks[1] ?? ''))?.status()).toBe(400);
    await stranger.goto(site);
    expect(await stranger.locator('h1').textContent()).toBe('Nobody');
    await Promise.all([context.close(), stranger.context().close()]);
  });

  test('who would rather not is told so', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${site}/login`);
    const answer = page.waitForResponse((response) => response.url().includes('/callback?'));
    await page.getByRole('button', { name: 'Do not sign in' }).click();
    expect((await answer).status()).toBe(403);
    expect(await page.context().cookies(site)).not.toContainEqual(
      expect.objectContaining({ name: expect.stringMatching(/^login-/) }),
    );
    await page.context().close();
  });
});

function serve(server: Server, site: string, sessions: CookieSessions<Person>, login: Login): void {
  server.on('request', async (incoming, outgoing) => {
    const headers = new Headers(incoming.headers as Record<string, string>);
    const request = new Request(`${site}${incoming.url}`, { method: incoming.method ?? 'GET', headers });
    const response = await answer(request).catch((error) => {
      const { status, headers = {} } = error as { status: number; headers?: Record<string, string> };
      return new Response('<h1>No</h1>', { status, headers });
    });
    outgoing.writeHead(response.status, [...response.headers].flat());
    outgoing.end(await response.text());
  });

  async function answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (pathname === '/login') return login.begin(request);
    if (pathname === '/login/callback') return login.finish(request);
    if (pathname === '/logout') return login.end(request);
    const name = sessions.read(request.headers)?.name ?? 'Nobody';
    const returnTo = encodeURIComponent(pathname + search);
    return new Response(
      `<!doctype html><link rel="icon" href="data:,"><title>CRM</title><h1>${name}</h1><a href="/login?returnTo=${returnTo}">Sign in</a>
      <form method="post" action="/logout"><button>Sign out</button></form>`,
      { headers: { 'content-type': 'text/html' } },
    );
  }
}
