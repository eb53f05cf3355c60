import { checkOptions } from '@unite/shared';
import { type GateOptions, openGate } from '../http/open-gate';
import { refuse } from '../http/refuse';
import type { Lifecycle } from '../types';
import type { Middleware, RefusalOptions } from './express-types';
import { refusalChecks } from './refusal-checks';

/** Options of `lifecycleMiddleware`. */
export interface LifecycleMiddlewareOptions extends GateOptions, RefusalOptions {}

/**
 * The health pages under `/health`, and load shedding for everything behind. Goes first.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * app.use(lifecycleMiddleware(lifecycle));
 * await attachServer(lifecycle, app.listen(3000));
 */
export function lifecycleMiddleware(
  lifecycle: Lifecycle,
  { onRefused = 'respond', ...options }: LifecycleMiddlewareOptions = {},
): Middleware {
  checkOptions('lifecycleMiddleware', { onRefused }, refusalChecks);
  const gate = openGate('lifecycleMiddleware', lifecycle, options);
  return (request, response, next) =>
    gate(request, response, (refusal) => {
      if (refusal && onRefused === 'respond') refuse(response, refusal);
      else next(refusal);
    });
}
