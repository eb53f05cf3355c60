import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type CsrfOptions, type CsrfRequest, createCsrf, csrfError } from '../../src/csrf';

const ask = (headers: CsrfRequest['headers'], rest: Partial<CsrfRequest> = {}): CsrfRequest => ({
  method: 'POST',
  headers,
  host: 'crm.example.com',
  ...rest,
});
const reason = async (request: CsrfRequest, options?: CsrfOptions) => {
  const decision = await createCsrf(options).check(request);
  return decision.allowed ? `passes: ${decision.reason}` : decision.reason;
};

describe('createCsrf', () => {
  test.each(['GET', 'HEAD', 'OPTIONS'])('%s passes from anywhere', async (method) => {
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect(await reason(ask(headers, { method }))).toBe('passes: safe-method');
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'get', 'TRACE', 'PROPFIND', ''])(
    'the method "%s" from another site does not',
    async (method) => {
      expect(await reason(ask({ 'sec-fetch-site': 'cross-site' }, { method }))).toBe('cross-site');
    },
  );

  test.each([
    ['same-origin', 'passes: same-origin'],
    ['none', 'passes: user-initiated'],
    ['same-site', 'same-site'],
    ['cross-site', 'cross-site'],
    ['same-origin, cross-site', 'cross-site'],
    ['same-origin, same-origin', 'cross-site'],
    ['Same-Origin', 'cross-site'],
    ['same-origin\u00a0', 'cross-site'],
    ['new-value', 'cross-site'],
  ])('Sec-Fetch-Site "%s": %s', async (site, expected) => {
    // Even where the origin is that of the host.
    const headers = { 'sec-fetch-site': site, origin: 'https://crm.example.com' };
    expect(await reason(ask(headers))).toBe(expected);
  });

  test('reads headers of a Request and of Node.js alike', async () => {
    const headers = new Headers({ 'Sec-Fetch-Site': 'cross-site' });
    expect(await reason(ask(headers))).toBe('cross-site');
    expect(await reason(ask({ origin: ['https://crm.example.com', 'https://evil.example'] }))).toBe(
      'foreign-origin',
    );
  });

  test('reads names in any case', async () => {
    expect(await reason(ask({ Host: 'crm.example.com', 'Sec-Fetch-Site': 'cross-site' }))).toBe('cross-site');
    expect(await reason(ask({ 'SEC-FETCH-SITE': 'same-origin' }))).toBe('passes: same-origin');
    expect(await reason(ask({ ORIGIN: 'https://evil.example' }))).toBe('foreign-origin');
    const host = { HOST: 'crm.example.com', Origin: 'https://crm.example.com' };
    expect(await reason(ask(host, { host: undefined }))).toBe('passes: origin-is-host');
    // Twice, in two spellings: as two headers.
    expect(await reason(ask({ 'sec-fetch-site': 'same-origin', 'Sec-Fetch-Site': 'cross-site' }))).toBe(
      'cross-site',
    );
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    [
      'what throws',
      {
        get: () => {
          throw new Error('broken');
        },
      },
    ],
  ])('headers that are %s are refused, and nothing is thrown', async (_, headers) => {
    const csrf = createCsrf();
    expect(await csrf.check(ask(headers as Headers))).toEqual({ allowed: false, reason: 'unreadable' });
    expect(await csrf.check(undefined as never)).toEqual({ allowed: false, reason: 'unreadable' });
    expect(csrf.status()).toMatchObject({ allowed: 0, refused: { unreadable: 2 } });
    expect(csrfError('unreadable').message).toBe('The request was refused: its headers cannot be read');
  });

  test.each<[unknown, string]>([
    [undefined, 'passes: not-a-browser'],
    [null, 'passes: not-a-browser'],
    ['', 'token-missing'],
    [7, 'token-missing'],
    [0, 'token-missing'],
    [{}, 'token-missing'],
  ])('the session id %j, without a token: %s', async (sessionId, expected) => {
    const secrets = ['a-secret-of-at-least-32-characters'];
    expect(await reason(ask({}, { sessionId: sessionId as string }), { secrets })).toBe(expected);
    if (expected !== 'token-missing') return;
    const token = await createCsrf({ secrets }).token(String(sessionId) || 'x');
    const headers = { 'x-csrf-token': token };
    expect(await reason(ask(headers, { sessionId: sessionId as string }), { secrets })).toBe('token-invalid');
  });

  describe('without Sec-Fetch-Site', () => {
    test.each([
      ['https://crm.example.com', 'crm.example.com', 'passes: origin-is-host'],
      ['http://crm.example.com', 'crm.example.com', 'passes: origin-is-host'],
      ['https://crm.example.com', 'CRM.example.com', 'passes: origin-is-host'],
      ['https://crm.example.com', 'crm.example.com:443', 'passes: origin-is-host'],
      ['http://crm.example.com', 'crm.example.com:80', 'passes: origin-is-host'],
      ['http://localhost:3000', 'localhost:3000', 'passes: origin-is-host'],
      ['http://[::1]:3000', '[::1]:3000', 'passes: origin-is-host'],
      ['https://crm.example.com', 'crm.example.com:80', 'foreign-origin'],
      ['https://crm.example.com:8443', 'crm.example.com', 'foreign-origin'],
      ['https://crm.example.com', 'crm.example.com:8443', 'foreign-origin'],
      ['http://localhost:3001', 'localhost:3000', 'foreign-origin'],
      ['https://evil.example', 'crm.example.com', 'foreign-origin'],
      ['https://crm.example.com.evil.example', 'crm.example.com', 'foreign-origin'],
      ['https://evilcrm.example.com', 'crm.example.com', 'foreign-origin'],
      ['https://crm.example.com@evil.example', 'crm.example.com', 'foreign-origin'],
      ['https://evil.example@crm.example.com', 'crm.example.com', 'foreign-origin'],
      ['https://crm.example.com/', 'crm.example.com', 'foreign-origin'],
      ['https://crm.example.com/path', 'crm.example.com', 'foreign-origin'],
      ['https://crm.example.com, https://evil.example', 'crm.example.com', 'foreign-origin'],
      ['https://crm.example.com https://evil.example', 'crm.example.com', 'foreign-origin'],
      ['https://crm.example.com\\@evil.example', 'crm.example.com', 'foreign-origin'],
      ['null', 'crm.example.com', 'foreign-origin'],
      ['null', 'null', 'foreign-origin'],
      ['crm.example.com', 'crm.example.com', 'foreign-origin'],
      ['//crm.example.com', 'crm.example.com', 'foreign-origin'],
      ['file://crm.example.com', 'crm.example.com', 'foreign-origin'],
      ['ftp://crm.example.com', 'crm.example.com', 'foreign-origin'],
      ['chrome-extension://abcdef', 'crm.example.com', 'foreign-origin'],
      ['https://', '', 'foreign-origin'],
      ['https://crm.example.com', undefined, 'foreign-origin'],
    ])('origin %s, host %s: %s', async (origin, host, expected) => {
      expect(await reason(ask({ origin }, { host }))).toBe(expected);
      expect(await reason({ method: 'POST', headers: { origin, host } })).toBe(expected);
    });

    test('the scheme is compared where it is known, and only there', async () => {
      const http = { origin: 'http://crm.example.com' };
      const https = { origin: 'https://crm.example.com' };
      expect(await reason(ask(http, { isSecure: true }))).toBe('foreign-origin');
      expect(await reason(ask(https, { isSecure: true }))).toBe('passes: origin-is-host');
      // A proxy may have ended the TLS.
      expect(await reason(ask(https, { isSecure: false }))).toBe('passes: origin-is-host');
    });

    test('what a proxy says is believed only where it is trusted', async () => {
      const headers = {
        origin: 'https://crm.example.com',
        'x-forwarded-host': 'crm.example.com, inner',
        'x-forwarded-proto': 'https',
      };
      const inner = { host: '10.0.0.7:3000' };
      expect(await reason(ask(headers, inner))).toBe('foreign-origin');
      expect(await reason(ask(headers, inner), { trustProxy: true })).toBe('passes: origin-is-host');
      const downgraded = { ...headers, origin: 'http://crm.example.com' };
      expect(await reason(ask(downgraded, inner), { trustProxy: true })).toBe('foreign-origin');
      const claimed = { ...headers, origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' };
      expect(await reason(ask(claimed))).toBe('foreign-origin');
      expect(await reason(ask({ origin: 'https://crm.example.com' }), { trustProxy: true })).toBe(
        'passes: origin-is-host',
      );
    });

    test('without Origin it is no browser of today', async () => {
      expect(await reason(ask({}))).toBe('passes: not-a-browser');
      expect(await reason(ask({ origin: '' }))).toBe('passes: not-a-browser');
      // Not looked at: pages can leave it out.
      expect(await reason(ask({ referer: 'https://evil.example/' }))).toBe('passes: not-a-browser');
    });
  });

  describe('trusted origins', () => {
    const trustedOrigins = ['https://admin.example.com', 'http://localhost:4000'];

    test('pass whatever the browser says of the site', async () => {
      for (const site of ['cross-site', 'same-site', undefined]) {
        const headers = { 'sec-fetch-site': site, origin: 'https://admin.example.com' };
        expect(await reason(ask(headers), { trustedOrigins })).toBe('passes: trusted-origin');
      }
    });

    test.each([
      undefined,
      'null',
      'http://admin.example.com',
      'https://admin.example.com:8443',
      'https://ADMIN.example.com',
      'https://x.admin.example.com',
      'https://admin.example.com, https://admin.example.com',
    ])('%s is none of them', async (origin) => {
      expect(await reason(ask({ 'sec-fetch-site': 'cross-site', origin }), { trustedOrigins })).toBe(
        'cross-site',
      );
    });

    test.each([
      ['https://admin.example.com/', 'as "https://admin.example.com" is'],
      ['https://admin.example.com:443', 'as "https://admin.example.com" is'],
      ['https://Admin.example.com', 'as "https://admin.example.com" is'],
      ['https://user:secret@admin.example.com', 'as "https://admin.example.com" is'],
      ['https://admin.example.com/path?x#y', 'as "https://admin.example.com" is'],
      ['https://*.example.com', 'without path or wildcard, got'],
      ['*', 'got "*"'],
      ['null', 'got "null"'],
      ['', 'got ""'],
      ['admin.example.com', 'without path or wildcard, got'],
      ['file:///etc/passwd', 'without path or wildcard, got'],
    ])('"%s" is refused at construction', (origin, message) => {
      expect(() => createCsrf({ trustedOrigins: [origin] })).toThrow(TypeError);
      expect(() => createCsrf({ trustedOrigins: [origin] })).toThrow(message);
    });
  });

  describe('ignored paths', () => {
    const ignorePaths = ['/webhooks/*', '/scim'];
    const headers = { 'sec-fetch-site': 'cross-site' };

    test.each(['/webhooks/stripe', '/webhooks/a/b', '/scim'])('%s passes', async (path) => {
      expect(await reason(ask(headers, { path }), { ignorePaths })).toBe('passes: ignored-path');
      expect(await reason(ask({ origin: 'https://x.example' }, { path }), { ignorePaths })).toBe(
        'passes: ignored-path',
      );
    });

    test.each([
      undefined,
      '/webhooks',
      '/webhooksx',
      '/Webhooks/stripe',
      '/scim/users',
      '/scim/',
      '/webhooks/../transfers',
      '/webhooks/%2e%2e/transfers',
      '/webhooks//../transfers',
      '//webhooks/stripe',
      '/webhooks\\..\\transfers',
    ])('%s does not', async (path) => {
      expect(await reason(ask(headers, { path }), { ignorePaths })).toBe('cross-site');
    });
  });

  test('counts what was decided', async () => {
    const csrf = createCsrf();
    await csrf.check(ask({ 'sec-fetch-site': 'same-origin' }));
    await csrf.check(ask({ 'sec-fetch-site': 'cross-site' }));
    await csrf.check(ask({ origin: 'null' }));
    expect(csrf.status()).toEqual({
      allowed: 1,
      refused: {
        'cross-site': 1,
        'same-site': 0,
        'foreign-origin': 1,
        'token-missing': 0,
        'token-invalid': 0,
        unreadable: 0,
      },
    });
  });

  test('whatever the headers hold, only what a browser says of this very origin passes', async () => {
    const csrf = createCsrf();
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.webUrl(),
      fc.constantFrom('null', 'https://crm.example.com', 'https://evil.example', 'cross-site'),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.constant(undefined),
    );
    await fc.assert(
      fc.asyncProperty(value, value, fc.string(), async (site, origin, method) => {
        const { allowed } = await csrf.check(ask({ 'sec-fetch-site': site, origin }, { method }));
        const text = (header: typeof site) => String(header ?? '');
        const expected =
          ['GET', 'HEAD', 'OPTIONS'].includes(method) ||
          ['same-origin', 'none'].includes(text(site)) ||
          (text(site) === '' && /^(|https?:\/\/crm\.example\.com)$/.test(text(origin)));
        expect(allowed).toBe(expected);
      }),
    );
  });

  test.each([
    [{ trustedOrigin: [] }, 'unknown option "trustedOrigin"'],
    [{ trustedOrigins: 'https://x.example' }, '"trustedOrigins" must be a list of origins'],
    [{ trustedOrigins: [7] }, '"trustedOrigins" must be a list of origins'],
    [{ ignorePaths: ['webhooks'] }, '"ignorePaths" must be a list of paths'],
    [{ ignorePaths: ['/*'] }, '"ignorePaths" must be a list of paths'],
    [{ ignorePaths: ['/'] }, '"ignorePaths" must be a list of paths'],
    [{ ignorePaths: ['/a*'] }, '"ignorePaths" must be a list of paths'],
    [{ secrets: [] }, '"secrets" must be a non-empty list'],
    [{ secrets: ['short'] }, '"secrets" must be a non-empty list'],
    [{ tokenTtlMs: Infinity }, '"tokenTtlMs" must be'],
    [{ tokenTtlMs: 0 }, '"tokenTtlMs" must be'],
    [{ trustProxy: 'yes' }, '"trustProxy" must be true or false'],
  ])('names what is wrong with %j', (options, message) => {
    expect(() => createCsrf(options as CsrfOptions)).toThrow(TypeError);
    expect(() => createCsrf(options as CsrfOptions)).toThrow(message);
  });

  test('does not repeat a secret that is too short', () => {
    expect(() => createCsrf({ secrets: ['hunter2'] })).not.toThrow('hunter2');
  });

  test('a refusal is a problem that repeats nothing of the request', () => {
    const error = csrfError('cross-site');
    expect(error).toMatchObject({ code: 'UNITE_CRYPTO_CSRF_REFUSED', status: 403 });
    expect(error.problem).toEqual({
      type: 'about:blank',
      status: 403,
      title: 'Forbidden',
      detail: 'The request was refused: it was sent by another site.',
      headers: { Vary: 'Sec-Fetch-Site, Origin' },
    });
  });
});
