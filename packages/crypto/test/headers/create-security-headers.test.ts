import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSecurityHeaders, type SecurityHeadersOptions } from '../../src/headers';

const headersOf = (options?: SecurityHeadersOptions, isSecure = true) =>
  createSecurityHeaders(options).create({ isSecure }).headers;
const directivesOf = (csp: SecurityHeadersOptions['csp'], isSecure = true) => {
  const { policy = '', nonce } = createSecurityHeaders({ csp }).create({ isSecure });
  const parts = policy.replaceAll(nonce, 'NONCE').split('; ');
  return Object.fromEntries(parts.map((part) => part.split(/ (.*)/s).slice(0, 2) as [string, string?]));
};

describe('createSecurityHeaders', () => {
  test('is strict without options', () => {
    const { headers, nonce, policy } = createSecurityHeaders().create({ isSecure: true });
    expect(headers).toEqual({
      'Content-Security-Policy': policy,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Permissions-Policy': expect.stringContaining('camera=(), display-capture=(), geolocation=()'),
      'Referrer-Policy': 'strict-origin-when-cross-origin',
      'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
    expect(policy?.replaceAll(nonce, 'NONCE').split('; ')).toEqual([
      "default-src 'self'",
      "style-src 'self' 'nonce-NONCE'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'",
      "worker-src 'self' blob:",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "script-src 'nonce-NONCE' 'strict-dynamic'",
      "frame-ancestors 'none'",
      'upgrade-insecure-requests',
    ]);
  });

  test('each response has a nonce of its own, that Next.js takes for one', () => {
    const security = createSecurityHeaders();
    const nonces = new Set(Array.from({ length: 1_000 }, () => security.create().nonce));
    expect(nonces.size).toBe(1_000);
    for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9+/]{24}$/);
  });

  test('without https nothing is promised of it', () => {
    const headers = headersOf({}, false);
    expect(headers['Strict-Transport-Security']).toBeUndefined();
    expect(headers['Content-Security-Policy']).not.toContain('upgrade-insecure-requests');
    expect(createSecurityHeaders().create().headers['Strict-Transport-Security']).toBeUndefined();
    expect(headersOf({ hsts: { always: true } }, false)['Strict-Transport-Security']).toBeDefined();
  });

  test('HSTS says what it is told', () => {
    const value = (hsts: SecurityHeadersOptions['hsts']) => headersOf({ hsts })['Strict-Transport-Security'];
    expect(value({ maxAgeSeconds: 0, includeSubDomains: false })).toBe('max-age=0');
    expect(value({ preload: true })).toBe('max-age=63072000; includeSubDomains; preload');
    expect(value(false)).toBeUndefined();
  });

  test('each header can be left out', () => {
    const options = {
      csp: false,
      hsts: false,
      referrerPolicy: false,
      permissions: false,
      openerPolicy: false,
      resourcePolicy: false,
    } as const;
    expect(headersOf(options)).toEqual({ 'X-Content-Type-Options': 'nosniff' });
    expect(createSecurityHeaders(options).create().policy).toBeUndefined();
  });

  test('other values are set', () => {
    const headers = headersOf({
      referrerPolicy: 'same-origin',
      openerPolicy: 'same-origin-allow-popups',
      resourcePolicy: 'cross-origin',
      embedderPolicy: 'require-corp',
      permissions: { geolocation: ['self', 'https://maps.example.com'], fullscreen: ['*'] },
    });
    expect(headers).toMatchObject({
      'Referrer-Policy': 'same-origin',
      'Cross-Origin-Opener-Policy': 'same-origin-allow-popups',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    });
    expect(headers['Permissions-Policy']?.split(', ')).toEqual(
      expect.arrayContaining(['geolocation=(self "https://maps.example.com")', 'fullscreen=*', 'camera=()']),
    );
  });
});

describe('the content policy', () => {
  test('directives are replaced, added and left out', () => {
    expect(
      directivesOf({
        directives: {
          'img-src': ["'self'", 'https://cdn.example.com'],
          'media-src': ['https://media.example.com:8443/clips/'],
          'worker-src': false,
          'script-src': ["'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
        },
        scriptSources: ["'unsafe-eval'"],
      }),
    ).toMatchObject({
      'img-src': "'self' https://cdn.example.com",
      'media-src': 'https://media.example.com:8443/clips/',
      'script-src':
        "'nonce-NONCE' 'strict-dynamic' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' 'unsafe-eval'",
    });
    expect(directivesOf({ directives: { 'worker-src': false } })).not.toHaveProperty('worker-src');
    expect(directivesOf({ strictDynamic: false })['script-src']).toBe("'nonce-NONCE'");
    expect(directivesOf({})).not.toHaveProperty('script-src-elem');
  });

  test('what stands in for scripts and styles has the nonce too, where it means something', () => {
    const directives = {
      'script-src-elem': ["'report-sample'"],
      'script-src-attr': ["'none'"],
      'style-src-elem': ["'self'"],
      'style-src-attr': ["'unsafe-inline'"],
    };
    expect(directivesOf({ directives })).toMatchObject({
      'script-src-elem': "'nonce-NONCE' 'strict-dynamic' 'report-sample'",
      'script-src-attr': "'none'",
      'style-src-elem': "'self' 'nonce-NONCE'",
      'style-src-attr': "'unsafe-inline'",
    });
    expect(directivesOf({ directives: { 'script-src-elem': false } })).not.toHaveProperty('script-src-elem');
  });

  test.each([
    [["'self'", "'unsafe-inline'"], "'self' 'unsafe-inline'"],
    [["'none'"], "'none'"],
    [["'self'"], "'self' 'nonce-NONCE'"],
  ])('styles %j: %s', (sources, expected) => {
    expect(directivesOf({ directives: { 'style-src': sources } })['style-src']).toBe(expected);
  });

  test.each([
    [undefined, "'none'", 'DENY'],
    [["'self'"], "'self'", 'SAMEORIGIN'],
    [["'self'", 'https://portal.example.com'], "'self' https://portal.example.com", undefined],
    [['https://portal.example.com'], 'https://portal.example.com', undefined],
  ])('frames of %j', (frameAncestors, expected, frameOptions) => {
    expect(directivesOf({ frameAncestors })['frame-ancestors']).toBe(expected);
    expect(headersOf({ csp: { frameAncestors } })['X-Frame-Options']).toBe(frameOptions);
  });

  test('trusted types are demanded, by name too', () => {
    expect(directivesOf({ trustedTypes: true })['require-trusted-types-for']).toBe("'script'");
    expect(directivesOf({ trustedTypes: ['nextjs', 'nextjs#bundler'] })).toMatchObject({
      'require-trusted-types-for': "'script'",
      'trusted-types': 'nextjs nextjs#bundler',
    });
  });

  test('reports go where they are told to, old and new', () => {
    expect(directivesOf({ reportTo: '/api/csp' })).toMatchObject({
      'report-uri': '/api/csp',
      'report-to': 'csp',
    });
    expect(headersOf({ csp: { reportTo: '/api/csp' } })['Reporting-Endpoints']).toBe('csp="/api/csp"');
  });

  test('reports only, and blocks nothing', () => {
    const headers = headersOf({ csp: { reportOnly: true, reportTo: '/api/csp' } });
    expect(headers['Content-Security-Policy']).toBeUndefined();
    expect(headers['X-Frame-Options']).toBeUndefined();
    expect(headers['Content-Security-Policy-Report-Only']).toContain("script-src 'nonce-");
    expect(headers['Content-Security-Policy-Report-Only']).not.toContain('upgrade-insecure');
  });

  test('no option can add a header, a directive or a source', () => {
    const { names, directives } = {
      names: Object.keys(headersOf()),
      directives: Object.keys(directivesOf({})),
    };
    const evil = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .tuple(
          fc.string(),
          fc.constantFrom(';', ',', ' ', '\r\n', '\n', '\t', '\0', '\u2028', '"', "'nonce-()'"),
        )
        .map(([text, end]) => `https://x.example/${text}${end}script-src${end}*`),
    );
    fc.assert(
      fc.property(evil, fc.constantFrom('img-src', 'frame', 'permissions'), (text, where) => {
        const options = {
          'img-src': { csp: { directives: { 'img-src': [text] } } },
          frame: { csp: { frameAncestors: [text] } },
          permissions: { permissions: { camera: [text] } },
        }[where];
        let headers: Readonly<Record<string, string>>;
        try {
          headers = headersOf(options);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        expect(() => new Headers(headers)).not.toThrow();
        expect(names).toEqual(expect.arrayContaining(Object.keys(headers)));
        const written = headers['Content-Security-Policy']
          ?.split(';')
          .map((part) => part.trim().split(' ')[0]);
        expect(written?.filter((name) => name !== 'upgrade-insecure-requests').sort()).toEqual(
          directives.filter((name) => name !== 'upgrade-insecure-requests').sort(),
        );
        expect(headers['Content-Security-Policy']).not.toMatch(/,/);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    [
      { directives: { 'img-src': ["'self'; script-src *"] } },
      'directive "img-src" must be a list of sources, got "\'self\'; script-src *"',
    ],
    [{ directives: { 'img-src': ['https://x.example;script-src'] } }, 'must be a list of sources, got'],
    [{ directives: { 'img-src': ['https://x.example,script-src'] } }, 'must be a list of sources, got'],
    [{ directives: { 'img-src': ['self'] } }, 'got "self"'],
    [{ directives: { 'img-src': ['unsafe-inline'] } }, 'got "unsafe-inline"'],
    [{ directives: { 'img-src': ['a\r\nSet-Cookie: x'] } }, 'must be a list of sources'],
    [{ directives: { 'img-src': ["'none'", "'self'"] } }, 'must be a list of sources, got an array'],
    [
      { directives: { 'img-src': 'https://x.example' } },
      'must be a list of sources, got "https://x.example"',
    ],
    [{ directives: { 'script-src': ["'unsafe-inline'"] } }, 'directive "script-src" must be a list'],
    [{ directives: { 'script-src': ["'none'"] } }, 'directive "script-src" must be a list'],
    [{ directives: { 'script-src': false } }, 'directive "script-src" must be a list'],
    [{ directives: { 'script-src': ["'Unsafe-Inline'"] } }, 'directive "script-src" must be a list'],
    [
      { directives: { 'script-src-elem': ["'unsafe-inline'"] } },
      'directive "script-src-elem" must be a list',
    ],
    [{ directives: { 'script-src-elem': ["'none'"] } }, 'directive "script-src-elem" must be a list'],
    [
      { directives: { 'script-src-attr': ["'unsafe-inline'"] } },
      'directive "script-src-attr" must be a list',
    ],
    [{ directives: { 'style-src': ["'nonce-abc'"] } }, 'directive "style-src" must be a list'],
    [{ directives: { 'script-src': ["'NONCE-abc'"] } }, 'directive "script-src" must be a list'],
    [{ scriptSources: ["'nonce-abc'"] }, 'option "scriptSources" must be'],
    [{ directives: { 'img-src': ["'NONE'", "'self'"] } }, 'must be a list of sources, got an array'],
    [{ directives: { 'img-src;x': [] } }, 'is no name of a directive'],
    [{ directives: { imgsrc: ["'self'"] } }, 'directive "imgsrc" is no name of a directive of CSP3'],
    [{ directives: { constructor: [] } }, 'directive "constructor" is no name of a directive'],
    [{ directives: { 'upgrade-insecure-requests': [] } }, '"upgrade-insecure-requests" is set by itself'],
    [{ directives: { 'frame-ancestors': [] } }, 'is set by option "frameAncestors"'],
    [{ directives: { 'report-uri': [] } }, 'is set by option "reportTo"'],
    [{ directives: null }, 'option "directives" must be an object'],
    [{ scriptSources: ["'unsafe-inline'"] }, 'option "scriptSources" must be'],
    [{ frameAncestors: ['self'] }, 'option "frameAncestors" must be'],
    [{ trustedTypes: ['a b'] }, 'option "trustedTypes" must be'],
    [{ trustedTypes: 'x' }, 'option "trustedTypes" must be'],
    [{ reportTo: 'javascript:alert(1)' }, 'option "reportTo" must be'],
    [{ reportTo: '//evil.example' }, 'option "reportTo" must be'],
    [{ reportTo: '/x"; y' }, 'option "reportTo" must be'],
    [{ strict: true }, 'unknown option "strict"'],
  ])('names what is wrong with csp %j', (csp, message) => {
    expect(() => createSecurityHeaders({ csp } as never)).toThrow(TypeError);
    expect(() => createSecurityHeaders({ csp } as never)).toThrow(message);
  });

  test.each([
    [{ hsts: { maxAgeSeconds: -1 } }, 'option "maxAgeSeconds" must be'],
    [{ hsts: { maxAge: 1 } }, 'unknown option "maxAge"'],
    [{ hsts: { preload: true, maxAgeSeconds: 60 } }, '"preload" needs'],
    [{ hsts: { preload: true, includeSubDomains: false } }, '"preload" needs'],
    [{ hsts: true }, 'must be an object'],
    [{ referrerPolicy: 'unsafe-url' }, 'option "referrerPolicy" must be \'no-referrer\''],
    [{ openerPolicy: 'x' }, 'option "openerPolicy" must be'],
    [{ permissions: true }, 'must be an object of features, got true'],
    [{ permissions: { Camera: [] } }, '"Camera", which is no name'],
    [{ permissions: { camera: ["'self'"] } }, "must list 'self', '*' or origins for \"camera\""],
    [{ permissions: { camera: 'self' } }, 'for "camera"'],
    [{ contentSecurityPolicy: {} }, 'unknown option "contentSecurityPolicy"'],
  ])('names what is wrong with %j', (options, message) => {
    expect(() => createSecurityHeaders(options as never)).toThrow(TypeError);
    expect(() => createSecurityHeaders(options as never)).toThrow(message);
  });
});
