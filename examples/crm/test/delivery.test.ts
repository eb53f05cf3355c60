import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { signIn } from './support/api';
import { openBrowser } from './support/browser';

const withBrowser = process.env.TEST_CHROMIUM ? test : test.skip;

describe('what the server sends', () => {
  test('is compressed, whatever text it is, for whoever takes gzip', async () => {
    const cookie = await signIn('harbour-imani');
    const { script, style } = await filesOfPage(cookie);
    for (const path of ['/contacts', '/api/contacts?pageSize=25', script, style]) {
      const packed = await get(path, { cookie, 'accept-encoding': 'gzip, br' });
      const plain = await get(path, { cookie, 'accept-encoding': 'identity' });
      expect({ path, ...encodingOf(packed) }).toEqual({ path, encoding: 'gzip', varies: true });
      expect({ path, ...encodingOf(plain) }).toEqual({ path, encoding: null, varies: true });
      expect((await packed.text()).length).toBeGreaterThan(1_000);
      await plain.body?.cancel();
    }
  });

  test('is kept by browsers for a year where its name says what is in it, and asked for anew elsewhere', async () => {
    const cookie = await signIn('harbour-imani');
    const { page, script, style } = await filesOfPage(cookie);
    for (const path of [script, style]) {
      const { headers } = await get(path, {});
      expect([path, headers.get('cache-control')]).toEqual([path, 'public, max-age=31536000, immutable']);
    }
    expect(page.headers.get('cache-control')).toContain('no-store');
  });

  test('arrives as it is said where it is a stream of events, even to whoever takes gzip', async () => {
    const leaving = new AbortController();
    const response = await fetch(new URL('/api/usage', process.env.TEST_ORIGIN), {
      headers: {
        accept: 'text/event-stream',
        'accept-encoding': 'gzip',
        'x-demo-workspace': 'meridian',
      },
      signal: leaving.signal,
    });
    expect(response.headers.get('content-encoding')).toBeNull();
    // The stream goes on: what is read here was not held back for more to come.
    const { value, done } = (await response.body?.getReader().read()) ?? {};
    expect(done).toBe(false);
    expect(new TextDecoder().decode(value)).toMatch(/^(?:\w+: .*\n)+/);
    leaving.abort();
  });
});

withBrowser(
  'the form of the error screen comes when it is shown, or is missed alone (needs Chromium)',
  async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ baseURL: process.env.TEST_ORIGIN ?? '' });
      page.setDefaultTimeout(60_000);
      await page.request.post('/api/session', { data: { userId: 'harbour-imani' } });
      // A browser in which this screen cannot work.
      await page.addInitScript('EventSource = class { constructor() { throw new Error("refused"); } }');
      await page.goto('/usage');
      await page.getByRole('heading', { name: 'Something went wrong' }).waitFor();
      await page.getByRole('textbox', { name: 'Message' }).fill('I looked at the usage');

      await withoutScript(page, 'What were you doing?');
      await page.reload();
      await page.getByRole('status').filter({ hasText: 'This part did not load' }).waitFor();
      expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true);
    } finally {
      await browser.close();
    }
  },
);

/** From here on the browser does not get the script with these words. */
async function withoutScript(page: Page, words: string): Promise<void> {
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    const response = await route.fetch();
    if ((await response.text()).includes(words)) await route.abort();
    else await route.fulfill({ response });
  });
}

/** A page of somebody who is signed in, and a script and a style sheet that it names. */
async function filesOfPage(cookie: string) {
  const page = await get('/contacts', { cookie });
  const html = await page.text();
  const named = (pattern: RegExp) => pattern.exec(html)?.[1] ?? '';
  return {
    page,
    script: named(/<script[^>]* src="([^"]+\.js)"/),
    style: named(/<link[^>]* href="([^"]+\.css)"/),
  };
}

function get(path: string, headers: Record<string, string>): Promise<Response> {
  return fetch(new URL(path, process.env.TEST_ORIGIN), { headers });
}

function encodingOf({ headers }: Response) {
  const varies = /\baccept-encoding\b/i.test(headers.get('vary') ?? '');
  return { encoding: headers.get('content-encoding'), varies };
}
