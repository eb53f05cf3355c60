import { withSecurityHeaders } from '@unite/crypto/next';
import { type NextRequest, NextResponse } from 'next/server';
import { pathHeader } from '@/lib/path-header';
import { securityHeaders } from '@/lib/security-headers';

// In front of every page: what browsers let it do, with a nonce for each response that Next.js puts on its scripts; and
// which page is asked for, since a page is told its parameters only.

export const proxy = withSecurityHeaders(securityHeaders)((request: NextRequest) => {
  const { pathname, search } = request.nextUrl;
  const forwarded = new Headers(request.headers);
  forwarded.set(pathHeader, pathname + search);
  return NextResponse.next({ request: { headers: forwarded } });
});

// Not before /ops: the dashboard has a policy of its own.
export const config = { matcher: '/((?!_next/static/|_next/image$|icon\\.svg$|ops$|ops/).*)' };
