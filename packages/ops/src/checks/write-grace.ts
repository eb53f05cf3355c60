import type { CheckResult } from '../health/health-types';

type Look = (signal: AbortSignal, waitMs: number) => Promise<CheckResult>;

/**
 * Tells writes as `degraded` until they have been down for a while: during a failover they wait, and are served after
 * it. Refused at once, they would fail for nothing.
 */
export function withWriteGrace(look: Look, writeGroup: string, graceMs: number): Look {
  let downSinceMs: number | undefined;
  return async (signal, waitMs) => {
    const result = await look(signal, waitMs);
    if (result.groups?.[writeGroup] !== 'down') {
      downSinceMs = undefined;
      return result;
    }
    downSinceMs ??= performance.now();
    if (performance.now() - downSinceMs >= graceMs) return result;
    return { ...result, groups: { ...result.groups, [writeGroup]: 'degraded' } };
  };
}
