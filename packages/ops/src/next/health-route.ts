import type { RouteHandler } from '@unite/core';
import { checkOptions } from '@unite/shared';
import { type HealthPageOptions, healthAnswer, healthPageChecks } from '../health/health-answer';
import { checkLifecycle } from '../http/check-lifecycle';
import type { Lifecycle } from '../types';

/**
 * The health pages, as one catch-all route with the segment `page`.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * // app/health/[...page]/route.ts
 * export const dynamic = 'force-dynamic';
 * export const GET = healthRoute(lifecycle);
 */
export function healthRoute(lifecycle: Lifecycle, options: HealthPageOptions = {}): RouteHandler {
  checkLifecycle('healthRoute', lifecycle);
  checkOptions('healthRoute', options, healthPageChecks);
  return async (request, { params }) => {
    const { page } = await params;
    const { status, headers, body } = await healthAnswer(
      lifecycle,
      {
        method: request.method,
        page: Array.isArray(page) ? page.join('/') : (page ?? ''),
        nonce: request.headers.get('x-health-nonce') ?? undefined,
      },
      options,
    );
    return new Response(body, { status, headers });
  };
}
