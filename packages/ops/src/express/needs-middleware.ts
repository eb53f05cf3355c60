import { checkOptions } from '@unite/shared';
import { needsChecks } from '../health/needs-checks';
import { checkLifecycle } from '../http/check-lifecycle';
import { refuse } from '../http/refuse';
import type { Lifecycle } from '../types';
import type { Middleware, RefusalOptions } from './express-types';
import { refusalChecks } from './refusal-checks';

/** Options of `needsMiddleware`. */
export interface NeedsOptions extends RefusalOptions {
  /** The health group without which these routes would fail: `write`. */
  readonly needs: string;
}

/**
 * Refuses at once (503, `Retry-After`) what would fail anyway: routes that write, while there is no primary.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * app.post('/contacts', needsMiddleware(lifecycle, { needs: 'write' }), createContact);
 */
export function needsMiddleware(lifecycle: Lifecycle, options: NeedsOptions): Middleware {
  checkLifecycle('needsMiddleware', lifecycle);
  checkOptions('needsMiddleware', options, { ...needsChecks, ...refusalChecks }, ['needs']);
  const { needs, onRefused = 'respond' } = options;
  return (_request, response, next) => {
    const refusal = lifecycle.missing(needs);
    if (refusal && onRefused === 'respond') refuse(response, refusal);
    else next(refusal);
  };
}
