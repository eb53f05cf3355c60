import type { CheckResult } from '../health/health-types';

type Look = (signal: AbortSignal, waitMs: number) => Promise<CheckResult>;

/**
 * Tells writes as `degraded` until they have been down for a while: during a failover they wait, and are served after
 * it. Refused at once, they would fail for nothing.
 */
export function withWriteGrace(look: Look, writeGroup: string, graceMs: number): Look {
  let down: { sinceMs: number; isUnseen: boolean } | undefined;
  let lookedAtMs = 0;
  return async (signal, waitMs) => {
    const result = await look(signal, waitMs);
    const nowMs = performance.now();
    const unseenMs = nowMs - lookedAtMs;
    lookedAtMs = nowMs;
    if (result.groups?.[writeGroup] !== 'down') {
      down = undefined;
      return result;
    }
    if (!down) down = { sinceMs: nowMs, isUnseen: false };
    // Nobody has looked for so long that it may have been back meanwhile, and have gone down just now. Believed once:
    // whoever looks as rarely each time has to be told in the end.
    else if (unseenMs >= graceMs && !down.isUnseen) down = { sinceMs: nowMs, isUnseen: true };
    if (nowMs - down.sinceMs >= graceMs) return result;
    return { ...result, groups: { ...result.groups, [writeGroup]: 'degraded' } };
  };
}
