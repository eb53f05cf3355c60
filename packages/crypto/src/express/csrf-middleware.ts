import type { IncomingMessage } from 'node:http';
import { checkOptions, optionChecks } from '@unite/shared';
import { checkBoundTokens } from '../csrf/check-bound-tokens';
import { createCsrf } from '../csrf/create-csrf';
import { csrfError, csrfVary } from '../csrf/csrf-error';
import type { Csrf, CsrfOptions } from '../csrf/csrf-types';
import type { ExpressRequest, Middleware } from './express-types';
import { isEncrypted } from './is-encrypted';

/** Options of `csrfMiddleware` besides those of `createCsrf`. */
export interface CsrfMiddlewareOptions<Request> {
  /**
   * The session of a request's cookie, where `createCsrf` was given `secrets`: `undefined` where there is none, and no
   * other value that is not text.
   *
   * @default none
   */
  readonly sessionId?: ((request: Request) => string | undefined | Promise<string | undefined>) | undefined;
}

/**
 * Refuses what other sites make a browser send. A refusal goes to the error middleware: `problemMiddleware` of
 * `@unite/problem` renders it, and Express itself answers it with its status.
 *
 * Goes after a method override and before whatever changes something.
 *
 * @param csrf what `createCsrf` made, or options for one
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * app.use(csrfMiddleware({ ignorePaths: ['/webhooks/*'] }));
 */
export function csrfMiddleware<Request extends IncomingMessage = IncomingMessage>(
  csrf: Csrf | CsrfOptions = {},
  options: CsrfMiddlewareOptions<Request> = {},
): Middleware<Request> {
  const guard = 'check' in csrf ? csrf : createCsrf(csrf);
  checkOptions('csrfMiddleware', options, { sessionId: optionChecks.function });
  checkBoundTokens('csrfMiddleware', csrf, options.sessionId);

  return (request, response, next) => {
    decide(request)
      .then(({ allowed, reason }) => {
        // Answered meanwhile, as at a deadline, or gone.
        if (response.headersSent || response.destroyed) return;
        if (!allowed) return next(csrfError(reason));
        if (reason !== 'safe-method' && reason !== 'ignored-path') response.appendHeader('Vary', csrfVary);
        next();
      })
      .catch(next);
  };

  async function decide(request: Request) {
    const { method = '', headers } = request;
    const sessionId = await options.sessionId?.(request);
    const host = headers.host ?? headers[':authority']?.toString();
    return guard.check({
      method,
      headers,
      path: pathOf(request),
      host,
      isSecure: isEncrypted(request),
      sessionId,
    });
  }
}

function pathOf({ originalUrl, url = '' }: ExpressRequest): string | undefined {
  return (originalUrl ?? url).split('?', 1)[0];
}
