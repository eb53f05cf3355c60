import { createSecurityHeaders } from '@unite/crypto/headers';
import { withSecurityHeaders } from '@unite/crypto/next';

// In front of every page: what browsers let it do, with a nonce for each response that Next.js puts on its scripts.

const headers = createSecurityHeaders({
  csp: {
    // Components set what depends on data, such as the width of a bar, in style attributes.
    directives: { 'style-src': ["'self'", "'unsafe-inline'"] },
    // The development server makes code of text.
    ...(process.env.NODE_ENV === 'development' && { scriptSources: ["'unsafe-eval'"] }),
  },
});

export const proxy = withSecurityHeaders(headers)();

export const config = { matcher: '/((?!_next/static/|_next/image$|icon\\.svg$).*)' };
