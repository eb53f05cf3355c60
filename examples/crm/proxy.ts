import { createSecurityHeaders } from '@unite/crypto/headers';
import { withSecurityHeaders } from '@unite/crypto/next';
import { dashboardPolicy } from '@unite/ops/dashboard';
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

export const proxy = withSecurityHeaders(headers)((request: NextRequest) => {
  const { pathname, search } = request.nextUrl;
  const forwarded = new Headers(request.headers);
  forwarded.set(pathHeader, pathname + search);
  const response = NextResponse.next({ request: { headers: forwarded } });
  // Next.js would replace the policy of a route by this one.
  if (/^\/ops(\/|$)/.test(pathname)) response.headers.set('content-security-policy', dashboardPolicy);
  return response;
});

export const config = { matcher: '/((?!_next/static/|_next/image$|icon\\.svg$).*)' };
