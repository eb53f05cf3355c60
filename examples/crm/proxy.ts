import { createSecurityHeaders } from '@unite/crypto/headers';
import { withSecurityHeaders } from '@unite/crypto/next';
import { type NextRequest, NextResponse } from 'next/server';
import { pathHeader } from '@/lib/path-header';

// In front of every page: what browsers let it do, with a nonce for each response that Next.js puts on its scripts; and
// which page is asked for, since a page is told its parameters only.

const headers = createSecurityHeaders({
  csp: {
    // Components set what depends on data, such as the width of a bar, in style attributes.
    directives: { 'style-src': ["'self'", "'unsafe-inline'"] },
    // The development server makes code of text.
    ...(process.env.NODE_ENV === 'development' && { scriptSources: ["'unsafe-eval'"] }),
  },
});

/** That of the dashboard, which Next.js would replace by ours: files of its own, no nonce, and nothing made of text. */
const dashboardPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export const proxy = withSecurityHeaders(headers)((request: NextRequest) => {
  const { pathname, search } = request.nextUrl;
  const forwarded = new Headers(request.headers);
  forwarded.set(pathHeader, pathname + search);
  const response = NextResponse.next({ request: { headers: forwarded } });
  if (/^\/ops(\/|$)/.test(pathname)) response.headers.set('content-security-policy', dashboardPolicy);
  return response;
});

export const config = { matcher: '/((?!_next/static/|_next/image$|icon\\.svg$).*)' };
