import type { RouteWrapper } from '@unite/core';
import { currentContext } from '@unite/core/context';
import { checkOptions } from '@unite/shared';
import { Meter } from '../response/meter';
import type { Admission, MeteredQuota, MeterOptions } from '../response/meter-types';
import { checkWay, type OnRefused, problemResponse } from '../response/problem-response';
import { answerAdmitted } from './answer-admitted';
import { isPrefetch } from './is-prefetch';

/** How one route is metered, or those that do not say otherwise. */
export interface QuotaRouteOptions extends MeterOptions<Request> {
  /**
   * `respond` answers with a problem document, so that the package needs no other; `throw` leaves that to
   * `withProblems`, whose documents know more: the event's id, the client's language.
   *
   * @default 'respond'
   */
  readonly onRefused?: OnRefused | undefined;
}

/** What one route may say for itself; `false` for one that is not metered. */
export interface RouteQuotaOptions {
  readonly quota?: QuotaRouteOptions | false | undefined;
}

/** Where `withContext` of `@unite/core` leaves why the request will fail. */
const failureKey = Symbol.for('unite.context.failure');

/**
 * Meters every route, and tells in `RateLimit-Policy` and `RateLimit` how the client stands. Goes inside
 * `withProblems`, and outside `withCache`.
 *
 * A prefetch of Next.js is not metered, and gets no data (204): Next.js makes a request of its own once the link is
 * followed, and a client that says it prefetches gets nothing for free.
 *
 * @param defaults what a route does not say
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * export const route = compose(withContext({ identify }), withProblems(problems), withQuota(quota));
 * // app/api/score/route.ts
 * export const POST = route(score, { quota: { use: { apiCalls: 50 } } });
 */
export function withQuota(
  quota: MeteredQuota,
  defaults: QuotaRouteOptions = {},
): RouteWrapper<RouteQuotaOptions> {
  open(defaults);
  return (handler, options) => {
    if (options?.quota === false) return handler;
    const { meter, onRefused } = open({ ...defaults, ...options?.quota });

    return async (request, args) => {
      // Nobody was identified: the innermost layer says so.
      if (currentContext()?.state.has(failureKey)) return handler(request, args);
      if (isPrefetch(request)) {
        return new Response(null, { status: 204, headers: { 'Cache-Control': 'no-store' } });
      }
      let admission: Admission;
      try {
        const key = request.headers.get('idempotency-key') ?? undefined;
        admission = await meter.admit(request, request.method, key);
      } catch (error) {
        return problemResponse(error, onRefused);
      }
      return await answerAdmitted(admission, () => handler(request, args));
    };
  };

  function open({ onRefused = 'respond', ...options }: QuotaRouteOptions) {
    checkOptions('withQuota', { onRefused }, checkWay);
    return { meter: new Meter<Request>('withQuota', quota, options), onRefused };
  }
}
