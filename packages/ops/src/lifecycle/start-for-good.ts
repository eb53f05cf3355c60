import type { Lifecycle } from '../types';

/**
 * Starts, where signals end the process. Told to end meanwhile, it does not come back: what stands behind an `await` of
 * it must not run any more, and an error there would end the process before its hooks.
 */
export function startForGood(lifecycle: Lifecycle): Promise<void> {
  return lifecycle.start().catch((error: unknown) => {
    if (lifecycle.draining.aborted) return new Promise<never>(() => undefined);
    throw error;
  });
}
