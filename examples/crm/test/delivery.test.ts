import { describe, expect, test } from '@jest/globals';
import { signIn } from './support/api';

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
