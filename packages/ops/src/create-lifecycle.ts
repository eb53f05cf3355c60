import { ProcessLifecycle } from './lifecycle/process-lifecycle';
import type { Lifecycle, LifecycleOptions } from './types';

/**
 * Makes what leads a process from its start to its end: health, readiness, the last requests, the last hooks.
 *
 * It opens nothing and starts no timer. An adapter connects it: `attachServer` of `@unite/ops/http` and
 * `@unite/ops/express`, `registerLifecycle` of `@unite/ops/next`.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * export const lifecycle = createLifecycle({
 *   checks: { postgres: postgresCheck(db), redis: redisCheck(redis, { group: 'degraded' }) },
 *   onShutdown: [quota, cache, db],
 * });
 */
export function createLifecycle(options: LifecycleOptions = {}): Lifecycle {
  return new ProcessLifecycle(options);
}
