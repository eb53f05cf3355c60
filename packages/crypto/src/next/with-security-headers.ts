import { createSecurityHeaders } from '../headers/create-security-headers';
import type { SecurityHeaders, SecurityHeadersOptions } from '../headers/headers-types';
import { forwardRequestHeaders } from './forward-request-headers';
import { withHeaders } from './with-headers';

/** What `proxy.ts` exports; `Event` is `NextFetchEvent`. Without a response the request goes on to its page. */
export type ProxyHandler<IncomingRequest extends Request = Request, Event = unknown> = (
  request: IncomingRequest,
  event: Event,
) => Response | null | undefined | Promise<Response | null | undefined>;

/**
 * Sets the security headers of pages in `proxy.ts` (`middleware.ts` before Next.js 16), in both runtimes.
 *
 * Next.js puts the nonce on its own scripts where it finds it in the request's `content-security-policy`, so the policy
 * is set on the request too, and the nonce in `x-nonce`, where a layout reads it for scripts of its own:
 * `(await headers()).get('x-nonce')`. Whatever `handler` answers with keeps its own changes to request and response: a
 * header that it has set stays, and where that is the policy, Next.js is given that one.
 *
 * - A page that was rendered at build time has no nonce: its scripts would be blocked. Make pages dynamic, as by
 *   `await connection()` in the root layout.
 * - The development server needs `csp: { scriptSources: ["'unsafe-eval'"] }`.
 * - `X-Powered-By` is set after the proxy: `poweredByHeader: false` in `next.config.ts`.
 * - Leave out files that need no policy: `matcher: '/((?!_next/static/|_next/image$|favicon\\.ico$).*)'`. What it leaves
 *   out comes by no handler either: it decides what `refuseCrossSite` sees.
 *
 * @param headers what `createSecurityHeaders` made, or options for it
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * // proxy.ts
 * export const proxy = withSecurityHeaders(securityHeaders)(async (request: NextRequest) => {
 *   const headers = await sealed.seal(request, await readSession(request));
 *   return (await refused(request)) ?? NextResponse.next({ request: { headers } });
 * });
 */
export function withSecurityHeaders(headers: SecurityHeaders | SecurityHeadersOptions = {}) {
  const security = 'create' in headers ? headers : createSecurityHeaders(headers);

  return <IncomingRequest extends Request = Request, Event = unknown>(
    handler?: ProxyHandler<IncomingRequest, Event>,
  ): ((request: IncomingRequest, event: Event) => Promise<Response>) => {
    return async (request, event) => {
      const { nonce, headers: set } = security.create({ isSecure: isSecure(request) });
      const answer = (await handler?.(request, event)) ?? passedOn();
      return withHeaders(answer, (response) => {
        for (const [name, value] of Object.entries(set)) {
          if (!response.has(name)) response.set(name, value);
        }
        const policy = policyOf(response);
        forwardRequestHeaders(request.headers, response, {
          'x-nonce': /'nonce-([^']+)'/.exec(policy ?? '')?.[1] ?? nonce,
          ...(policy !== null && { 'content-security-policy': policy }),
        });
      });
    };
  };
}

/** As `NextResponse.next()` makes it. */
function passedOn(): Response {
  return new Response(null, { headers: { 'x-middleware-next': '1' } });
}

/** The one that blocks; where there is none, the one that reports. */
function policyOf(response: Headers): string | null {
  return response.get('content-security-policy') ?? response.get('content-security-policy-report-only');
}

/** Next.js makes the URL of what a proxy in front of it says. Who lies gets headers that mean nothing to others. */
function isSecure({ url, headers }: Request): boolean {
  return new URL(url).protocol === 'https:' || headers.get('x-forwarded-proto') === 'https';
}
