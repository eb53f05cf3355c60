import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecurityHeaders } from '../headers/create-security-headers';
import type { SecurityHeaders, SecurityHeadersOptions } from '../headers/headers-types';
import type { Middleware } from './express-types';
import { isEncrypted } from './is-encrypted';

/**
 * Sets the security headers of each response, removes `X-Powered-By`, and leaves the nonce for templates in
 * `response.locals.cspNonce`: `<script nonce="<%= cspNonce %>">`. Goes first.
 *
 * `X-Forwarded-Proto: https` counts as https from anybody: who lies about it gets headers that mean nothing to others.
 *
 * @param headers what `createSecurityHeaders` made, or options for it
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * app.use(securityHeadersMiddleware({ csp: { reportTo: '/csp-reports' } }));
 */
export function securityHeadersMiddleware(
  headers: SecurityHeaders | SecurityHeadersOptions = {},
): Middleware<IncomingMessage, ServerResponse & { locals?: Record<string, unknown> }> {
  const security = 'create' in headers ? headers : createSecurityHeaders(headers);

  return (request, response, next) => {
    const isSecure = isEncrypted(request) || request.headers['x-forwarded-proto'] === 'https';
    const set = security.create({ isSecure });
    for (const [name, value] of Object.entries(set.headers)) response.setHeader(name, value);
    response.removeHeader('X-Powered-By');
    if (response.locals) response.locals.cspNonce = set.nonce;
    next();
  };
}
