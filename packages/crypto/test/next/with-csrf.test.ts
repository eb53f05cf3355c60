import { describe, expect, jest, test } from '@jest/globals';
import { compose, withContext } from '@unite/core/next';
import { defineProblems } from '@unite/problem';
import { withProblems } from '@unite/problem/next';
import { NextRequest } from 'next/server';
import { createCsrf } from '../../src/csrf';
import { type CsrfRouteOptions, refuseCrossSite, withCsrf } from '../../src/next';

const args = { params: Promise.resolve({}) };
const url = 'https://crm.example.com/api/contacts';
const ask = (headers: Record<string, string> = {}, method = 'POST') => new Request(url, { method, headers });
const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
const own = { 'sec-fetch-site': 'same-origin' };

describe('withCsrf', () => {
  test('refuses with a problem document, and does not call the handler', async () => {
    const handler = jest.fn(() => new Response('done'));
    const response = await compose(withCsrf())(handler)(ask(foreign), args);
    expect(response.status).toBe(403);
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      vary: 'Sec-Fetch-Site, Origin',
    });
    expect(await response.json()).toMatchObject({ status: 403, title: 'Forbidden' });
    expect(handler).not.toHaveBeenCalled();
  });

  test('lets pass what is of this origin, and says to caches what it depends on', async () => {
    const route = compose(withCsrf())(() => new Response('done', { headers: { vary: 'Accept' } }));
    const response = await route(ask(own), args);
    expect([response.status, response.headers.get('vary')]).toEqual([200, 'Accept, Sec-Fetch-Site, Origin']);
    const read = await route(ask(foreign, 'GET'), args);
    expect([read.status, read.headers.get('vary')]).toEqual([200, 'Accept']);
  });

  test('a redirect is copied, for its headers cannot be changed', async () => {
    const response = await compose(withCsrf())(() => Response.redirect(url, 303))(ask(own), args);
    expect([response.status, response.headers.get('location'), response.headers.get('vary')]).toEqual([
      303,
      url,
      'Sec-Fetch-Site, Origin',
    ]);
  });

  test('an older browser is known by the host of the header, else of the URL', async () => {
    const route = compose(withCsrf())(() => new Response());
    const status = async (headers: Record<string, string>) => (await route(ask(headers), args)).status;
    expect(await status({ origin: 'https://crm.example.com' })).toBe(200);
    expect(await status({ origin: 'https://crm.example.com', host: 'crm.example.com' })).toBe(200);
    expect(await status({ origin: 'https://crm.example.com', host: 'other.example.com' })).toBe(403);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
    expect(await status({})).toBe(200);
  });

  test('leaves the refusal to withProblems where it is told so', async () => {
    const problems = defineProblems({ baseUrl: 'https://example.com/errors/', types: {} });
    const route = compose(
      withContext({}),
      withProblems(problems),
      withCsrf(undefined, { onRefused: 'throw' }),
    );
    const response = await route(() => new Response())(ask(foreign), args);
    expect([response.status, response.headers.get('vary')]).toEqual([403, 'Accept, Sec-Fetch-Site, Origin']);
    expect(await response.json()).toMatchObject({
      status: 403,
      detail: 'The request was refused: it was sent by another site.',
    });
  });

  test('a route says for itself that no browser calls it', async () => {
    const route = compose(withCsrf());
    const handler = () => new Response();
    const response = await route(handler, { csrf: false })(ask(foreign), args);
    expect([response.status, response.headers.has('vary')]).toEqual([200, false]);
    const caught = route(handler, { csrf: { onRefused: 'throw' } })(ask(foreign), args);
    await expect(caught).rejects.toMatchObject({ code: 'UNITE_CRYPTO_CSRF_REFUSED' });
  });

  test('ignored paths pass without Vary', async () => {
    const route = compose(withCsrf({ ignorePaths: ['/api/contacts'] }))(() => new Response());
    const response = await route(ask(foreign), args);
    expect([response.status, response.headers.has('vary')]).toEqual([200, false]);
  });

  test('a legacy browser sends the token of its session', async () => {
    const csrf = createCsrf({ secrets: ['a-secret-of-at-least-32-characters'] });
    const sessionId = async (request: Request) => request.headers.get('cookie')?.slice(2);
    const route = compose(withCsrf(csrf, { sessionId }))(() => new Response());
    const token = await csrf.token('alice');
    const status = async (headers: Record<string, string>) => (await route(ask(headers), args)).status;
    expect(await status({ cookie: 's=alice', 'x-csrf-token': token })).toBe(200);
    expect(await status({ cookie: 's=bob', 'x-csrf-token': token })).toBe(403);
    expect(await status({ cookie: 's=alice' })).toBe(403);
    expect(csrf.status()).toMatchObject({ allowed: 1, refused: { 'token-missing': 1, 'token-invalid': 1 } });
  });

  test('a prefetch of Next.js passes', async () => {
    const route = compose(withCsrf())(() => new Response());
    const response = await route(ask({ 'next-router-prefetch': '1', ...foreign }, 'GET'), args);
    expect(response.status).toBe(200);
  });

  test('secrets without a session would protect nothing', async () => {
    const secrets = ['a-secret-of-at-least-32-characters'];
    expect(() => withCsrf({ secrets })).toThrow(
      new TypeError(
        'withCsrf: option "secrets" needs a "sessionId" that tokens are bound to; without one no token is asked for',
      ),
    );
    expect(() => refuseCrossSite({ secrets })).toThrow(TypeError);
    expect(() => withCsrf({ secrets: undefined })).not.toThrow();
    expect(() => refuseCrossSite(createCsrf({ secrets }))).not.toThrow();
    // What a route leaves undefined is what it does not say.
    const route = compose(withCsrf({ secrets }, { sessionId: () => 'alice', onRefused: 'throw' }));
    const handler = route(() => new Response(), { csrf: { sessionId: undefined, onRefused: undefined } });
    await expect(handler(ask(), args)).rejects.toMatchObject({ code: 'UNITE_CRYPTO_CSRF_REFUSED' });
  });

  test('a session id that is no text is refused', async () => {
    const secrets = ['a-secret-of-at-least-32-characters'];
    for (const id of [7, '']) {
      const route = compose(withCsrf({ secrets }, { sessionId: () => id as string }))(() => new Response());
      expect((await route(ask(), args)).status).toBe(403);
    }
  });

  test('names options that are wrong', () => {
    expect(() => withCsrf({}, { onRefused: 'ignore' } as unknown as CsrfRouteOptions)).toThrow(
      'withCsrf: option "onRefused" must be \'respond\' or \'throw\', got "ignore"',
    );
    const route = compose(withCsrf());
    expect(() => route(() => new Response(), { csrf: { session: 1 } as never })).toThrow('unknown option');
    expect(() => withCsrf({ trustedOrigins: ['*'] })).toThrow('createCsrf');
  });
});

describe('refuseCrossSite', () => {
  const action = (headers: Record<string, string>) =>
    new NextRequest('https://crm.example.com/contacts', {
      method: 'POST',
      headers: { 'next-action': '40a1', host: 'crm.example.com', ...headers },
    });

  test('answers server actions of other sites, and nothing else', async () => {
    const refused = refuseCrossSite();
    expect((await refused(action(foreign)))?.status).toBe(403);
    expect(await refused(action(own))).toBeUndefined();
    expect(await refused(action({ origin: 'https://crm.example.com' }))).toBeUndefined();
    expect(await refuseCrossSite(createCsrf())(ask(foreign, 'GET'))).toBeUndefined();
  });
});
