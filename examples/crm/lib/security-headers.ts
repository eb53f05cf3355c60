import { createSecurityHeaders } from '@unite/crypto/headers';

/** What browsers let our pages do: their own scripts alone, each with a nonce of its response. */
export const securityHeaders = createSecurityHeaders({
  csp: {
    // Components set what depends on data, such as the width of a bar, in style attributes.
    directives: { 'style-src': ["'self'", "'unsafe-inline'"] },
    // The development server makes code of text.
    ...(process.env.NODE_ENV === 'development' && { scriptSources: ["'unsafe-eval'"] }),
  },
});
