import type { RouteWrapper } from '@unite/core';
import { afterBody, checkOptions, expects, optionChecks } from '@unite/shared';
import type { OpsError } from '../errors';
import { needsChecks } from '../health/needs-checks';
import { checkLifecycle } from '../http/check-lifecycle';
import { refusalDocument } from '../shedding/refusal-document';
import type { Lifecycle } from '../types';

/** How routes are guarded that do not say otherwise. */
export interface LifecycleRouteOptions {
  /** The health group without which the route would fail: `write`. It is refused while that is down. @default none */
  readonly needs?: string | undefined;
  /** Whether the route is refused while the event loop is late. @default true */
  readonly shed?: boolean | undefined;
  /**
   * `respond` answers with a problem document, so that the package needs no other; `throw` leaves that to
   * `withProblems`, whose documents know more.
   *
   * @default 'respond'
   */
  readonly onRefused?: 'respond' | 'throw' | undefined;
}

/** What one route may say for itself. */
export interface RouteLifecycleOptions {
  readonly ops?: LifecycleRouteOptions | undefined;
}

const routeChecks = {
  ...needsChecks,
  shed: optionChecks.boolean,
  onRefused: expects('"respond" or "throw"', (value) => value === 'respond' || value === 'throw'),
};

/**
 * Refuses at once (503, `Retry-After`) what could not be served: while the event loop is late, or while a group is
 * down that the route needs. Goes outside of what costs something, inside `withProblems`.
 *
 * @param defaults what a route does not say
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * export const route = compose(withContext({ identify }), withProblems(problems), withLifecycle(lifecycle));
 * // app/api/contacts/route.ts
 * export const POST = route(createContact, { ops: { needs: 'write' } });
 */
export function withLifecycle(
  lifecycle: Lifecycle,
  defaults: LifecycleRouteOptions = {},
): RouteWrapper<RouteLifecycleOptions> {
  checkLifecycle('withLifecycle', lifecycle);
  checkOptions('withLifecycle', defaults, routeChecks);
  return (handler, options) => {
    checkOptions('withLifecycle', options?.ops ?? {}, routeChecks);
    const { needs, shed = true, onRefused = 'respond' } = { ...defaults, ...options?.ops };

    return async (request, args) => {
      const missing = needs === undefined ? undefined : lifecycle.missing(needs);
      if (missing) return refuse(missing);
      if (!shed) return handler(request, args);
      const admission = lifecycle.admit();
      if (!admission.admitted) return refuse(admission.error);
      try {
        return afterBody(await handler(request, args), () => admission.release());
      } catch (error) {
        admission.release();
        throw error;
      }
    };

    function refuse(error: OpsError): Response {
      if (onRefused === 'throw') throw error;
      const { body, ...init } = refusalDocument(error);
      return new Response(body, init);
    }
  };
}
