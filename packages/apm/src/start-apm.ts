import { checkApmOptions } from './check-apm-options';
import type { Apm, ApmOptions } from './types';
import { UniteApm } from './unite-apm';

/**
 * Starts to account for what a process does: errors, requests, cost. Sinks are started here, and told of the
 * deployment; from then on nothing that they do can slow or break a request.
 *
 * Next.js evaluates a module several times per process: wrap it in `once` of `@unite/core/once` there.
 *
 * @throws TypeError for an option that is unknown, missing or malformed
 * @example
 * export const apm = startApm({
 *   service: { name: 'crm', release, environment },
 *   sinks: [sentry({ dsn }), prometheus()],
 *   slos: [slo('api-latency', { target: 0.99, underMs: 200 })],
 * });
 */
export function startApm(options: ApmOptions): Apm {
  checkApmOptions(options);
  return new UniteApm(options);
}
