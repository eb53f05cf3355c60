import { describe, expect, test } from '@jest/globals';
import { getScriptNonceFromHeaders } from 'next/dist/server/app-render/get-script-nonce-from-header.js';
import { type NextFetchEvent, NextRequest, NextResponse } from 'next/server';
import { createSecurityHeaders } from '../../src/headers';
import { withSecurityHeaders } from '../../src/next';

const event = {} as NextFetchEvent;
const ask = (headers: Record<string, string> = {}, url = 'https://crm.example.com/contacts') =>
  new NextRequest(url, { headers: { cookie: 'session=1', accept: 'text/html', ...headers } });

/** The request that Next.js goes on with: `resolve-routes.js` reads the answer of a proxy so. */
function forwarded(response: Response): Record<string, string | null> | undefined {
  const list = response.headers.get('x-middleware-override-headers');
  if (!list) return undefined;
  return Object.fromEntries(
    list.split(',').map((name) => [name, response.headers.get(`x-middleware-request-${name}`)]),
  );
}
const nonceIn = (policy: string | null) => /'nonce-([^']+)'/.exec(policy ?? '')?.[1];

describe('withSecurityHeaders', () => {
  test('without a handler the request goes on, with the nonce where Next.js reads it', async () => {
    const response = await withSecurityHeaders()()(ask(), event);
    expect(response.headers.get('x-middleware-next')).toBe('1');
    const request = forwarded(response) ?? {};
    expect(request).toMatchObject({ cookie: 'session=1', accept: 'text/html' });
    const nonce = nonceIn(response.headers.get('content-security-policy'));
    expect(nonce).toBeDefined();
    expect(request['x-nonce']).toBe(nonce);
    expect(getScriptNonceFromHeaders(request as never)).toBe(nonce);
    expect(response.headers.get('strict-transport-security')).toContain('max-age');
  });

  test('a nonce and a policy of the client are overwritten', async () => {
    const evil = { 'x-nonce': 'evil', 'content-security-policy': "script-src 'nonce-evil'" };
    const response = await withSecurityHeaders()()(ask(evil), event);
    expect(JSON.stringify(forwarded(response))).not.toContain('evil');
  });

  test.each([
    ['next', () => NextResponse.next()],
    ['rewrite', () => NextResponse.rewrite('https://crm.example.com/other')],
  ])('what the handler passes on by %s keeps its headers', async (_, pass) => {
    const proxy = withSecurityHeaders(createSecurityHeaders())((_request: NextRequest) => {
      const response = pass();
      response.headers.set('x-own', 'kept');
      response.cookies.set('seen', '1');
      return response;
    });
    const response = await proxy(ask(), event);
    expect(response.headers.get('x-own')).toBe('kept');
    expect(response.headers.get('set-cookie')).toContain('seen=1');
    expect(forwarded(response)).toMatchObject({ cookie: 'session=1', 'x-nonce': expect.any(String) });
  });

  test('what the handler changed of the request stays changed', async () => {
    const proxy = withSecurityHeaders()((request: NextRequest) => {
      const headers = new Headers(request.headers);
      headers.set('x-unite-identity', 'sealed');
      headers.delete('cookie');
      return NextResponse.next({ request: { headers } });
    });
    const request = forwarded(await proxy(ask(), event)) ?? {};
    expect(request).toMatchObject({ 'x-unite-identity': 'sealed', 'x-nonce': expect.any(String) });
    expect(request).not.toHaveProperty('cookie');
  });

  test('answers of the handler get the headers, and no request', async () => {
    for (const answer of [
      NextResponse.redirect('https://crm.example.com/login'),
      Response.redirect('https://crm.example.com/login'),
      NextResponse.json({ a: 1 }),
    ]) {
      const response = await withSecurityHeaders()(async () => answer)(ask(), event);
      expect(response.status).toBe(answer.status);
      expect(response.headers.get('location')).toBe(answer.headers.get('location'));
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(forwarded(response)).toBeUndefined();
    }
  });

  test('a header that the handler has set stays, and Next.js is given its policy', async () => {
    const own = "default-src 'none'; script-src 'nonce-b3du'; frame-ancestors 'none'";
    const proxy = withSecurityHeaders()(() => {
      const response = NextResponse.next();
      response.headers.set('Content-Security-Policy', own);
      response.headers.set('Referrer-Policy', 'no-referrer');
      return response;
    });
    const response = await proxy(ask({ 'content-security-policy': "script-src 'nonce-evil'" }), event);
    expect(response.headers.get('content-security-policy')).toBe(own);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(forwarded(response)).toMatchObject({ 'content-security-policy': own, 'x-nonce': 'b3du' });
  });

  test('a policy of the handler that only reports takes nothing from the one that blocks', async () => {
    const proxy = withSecurityHeaders()(() => {
      const response = NextResponse.next();
      response.headers.set('Content-Security-Policy-Report-Only', "script-src 'nonce-b3du'");
      return response;
    });
    const response = await proxy(ask(), event);
    const policy = response.headers.get('content-security-policy');
    expect(forwarded(response)).toMatchObject({
      'content-security-policy': policy,
      'x-nonce': nonceIn(policy),
    });
  });

  test('lets a network error of the handler through', async () => {
    const error = Response.error();
    expect(await withSecurityHeaders()(() => error)(ask(), event)).toBe(error);
  });

  test('the handler is given the event, and null goes on', async () => {
    const seen: unknown[] = [];
    const proxy = withSecurityHeaders()((_request, given) => {
      seen.push(given);
      return null;
    });
    expect((await proxy(ask(), event)).headers.get('x-middleware-next')).toBe('1');
    expect(seen).toEqual([event]);
  });

  test('a policy that only reports gives Next.js the nonce all the same', async () => {
    const response = await withSecurityHeaders({ csp: { reportOnly: true } })()(ask(), event);
    expect(response.headers.has('content-security-policy')).toBe(false);
    const nonce = nonceIn(response.headers.get('content-security-policy-report-only'));
    expect(getScriptNonceFromHeaders(forwarded(response) as never)).toBe(nonce);
  });

  test('without a policy there is none on the request', async () => {
    const response = await withSecurityHeaders({ csp: false })()(ask(), event);
    expect(forwarded(response)).not.toHaveProperty('content-security-policy');
  });

  test('by http nothing is promised of https, unless a proxy says so', async () => {
    const proxy = withSecurityHeaders()();
    const url = 'http://localhost:3000/contacts';
    expect((await proxy(ask({}, url), event)).headers.has('strict-transport-security')).toBe(false);
    const behind = await proxy(ask({ 'x-forwarded-proto': 'https' }, url), event);
    expect(behind.headers.has('strict-transport-security')).toBe(true);
  });

  test('names options that are wrong', () => {
    expect(() => withSecurityHeaders({ csp: { unknown: 1 } } as never)).toThrow('unknown option "unknown"');
  });
});
