import type { Comparison, ReleaseCounts } from './deploy-types';
import { differenceOfShares } from './difference-of-shares';
import type { CanarySettings } from './plan-deploy';

/** Fewer are never a verdict: the first request may be the one that fails. */
export const leastFailures = 5;

/** The judgement alone. */
export type Judgement = Pick<Comparison, 'errorRateRise' | 'verdict' | 'reason'>;

/**
 * The new release beside the one that runs.
 *
 * It fails when its share of failed requests is higher by more than `maxErrorRateRise` with 99.9 % confidence, and at
 * least five failed; the same of 4xx. It is slow when its mean time to the headers is beyond `maxSlowdown` times the other's and
 * more than `minSlowdownMs` above it, whatever the proxy's rounding hides. Below `minRequests` it is not as good: nobody
 * knows.
 */
export function compareReleases(
  canary: ReleaseCounts,
  running: ReleaseCounts,
  settings: CanarySettings,
): Judgement {
  const failures = rise('failed', canary, running);
  const refusals = rise('clientErrors', canary, running);
  const judged = (verdict: Judgement['verdict'], reason: string): Judgement => ({
    errorRateRise: failures,
    verdict,
    reason,
  });
  if (canary.failed >= leastFailures && failures[0] > settings.maxErrorRateRise) {
    return judged(
      'failing',
      `${ofRequests(canary, 'failed')} failed, of the running release ${ofRequests(running, 'failed')}`,
    );
  }
  if (canary.clientErrors >= leastFailures && refusals[0] > settings.maxClientErrorRateRise) {
    return judged(
      'failing',
      `${ofRequests(canary, 'clientErrors')} were answered with 4xx, of the running release ${ofRequests(running, 'clientErrors')}`,
    );
  }
  if (canary.requests < settings.minRequests) {
    return judged(
      'too few requests',
      `${canary.requests} requests, and at least ${settings.minRequests} are needed to say anything`,
    );
  }
  const slowness = slownessOf(canary, running, settings);
  if (slowness) return judged('slow', slowness);
  return judged(
    'as good',
    `${ofRequests(canary, 'failed')} failed, of the running release ${ofRequests(running, 'failed')}: at most ${points(failures[1])} more, with 99.9 % confidence`,
  );
}

function rise(name: 'failed' | 'clientErrors', canary: ReleaseCounts, running: ReleaseCounts) {
  return differenceOfShares(
    { count: canary[name], of: canary.requests },
    { count: running[name], of: running.requests },
  );
}

/** Slow whatever the rounding hides, on both sides. */
function slownessOf(
  canary: ReleaseCounts,
  running: ReleaseCounts,
  { maxSlowdown, minSlowdownMs }: CanarySettings,
): string | undefined {
  if (canary.meanMs === null || running.meanMs === null) return undefined;
  const atLeastMs = canary.meanMs - canary.withinMs;
  const atMostMs = running.meanMs + running.withinMs;
  const isSlow = atLeastMs > atMostMs * maxSlowdown && atLeastMs - atMostMs > minSlowdownMs;
  return isSlow
    ? `answers take ${meanOf(canary)} on average, those of the running release ${meanOf(running)}`
    : undefined;
}

function ofRequests(counts: ReleaseCounts, name: 'failed' | 'clientErrors'): string {
  return `${counts[name]} of ${counts.requests} requests`;
}

function meanOf({ meanMs, withinMs }: ReleaseCounts): string {
  return `${Math.round(meanMs ?? 0)} ms (±${Math.round(withinMs)})`;
}

function points(share: number): string {
  return `${(share * 100).toFixed(1)} in a hundred`;
}
