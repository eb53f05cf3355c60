import { systemClock } from '@unite/shared';
import { OpsError } from '../errors';
import { compareReleases, leastFailures } from './compare-releases';
import { countsBetween } from './counts-between';
import type { Comparison, ReleaseCounts } from './deploy-types';
import type { CanarySettings } from './plan-deploy';
import { type Look, lookMs, requireHealth, type Traffic } from './traffic';

/** A release that takes requests and answers none for so long hangs, in milliseconds. */
const mostSilentMs = 5_000;

/** What a step is watched by. */
export interface CanaryWatch {
  readonly step: string;
  readonly percent: number;
  readonly traffic: Traffic;
  readonly settings: CanarySettings;
  readonly signal: AbortSignal;
  /** Hears each look, the last one before an error, too. */
  readonly onLook: (look: Look, comparison: Comparison) => void;
}

/** Of a release that nobody compares with. */
const nothing: ReleaseCounts = { requests: 0, failed: 0, clientErrors: 0, meanMs: null, withinMs: 0 };

/**
 * Watches a share of the users at the new release, and ends at once when it fails. It has to be as good at the end of the
 * step, and where it has had too few requests by then, it waits for them.
 *
 * @throws OpsError `UNITE_OPS_DEPLOY_FAILED`, the signal's reason
 */
export async function watchCanary(before: Look, watch: CanaryWatch): Promise<string> {
  const { settings, signal } = watch;
  const startedMs = performance.now();
  for (;;) {
    await systemClock.sleep(lookMs, signal);
    const { comparison, sessions } = await compare(before, watch, undefined);
    const elapsedMs = performance.now() - startedMs;
    const isSilent = comparison.canary.requests === 0 && sessions >= leastFailures;
    if (isSilent && elapsedMs >= mostSilentMs) {
      throw failed(`it answers nobody: ${sessions} requests are under way, and none was answered`);
    }
    if (elapsedMs < settings.stepMs) continue;
    if (comparison.verdict === 'as good') return comparison.reason;
    if (comparison.verdict === 'slow') throw failed(comparison.reason);
    if (elapsedMs >= settings.patienceMs) {
      throw failed(
        `canary without traffic: within ${Math.round(elapsedMs).toLocaleString('en')} ms it answered ${comparison.reason}${sessions > 0 ? `; ${sessions} are under way` : ''}`,
      );
    }
  }
}

/**
 * Watches the new release after all users have moved to it, beside what the old one did before. Slowness is no matter any
 * more: nothing of the old one is measured at the same time.
 *
 * @throws OpsError `UNITE_OPS_DEPLOY_FAILED`, the signal's reason
 */
export async function watchPromoted(
  before: Look,
  watchMs: number,
  watch: CanaryWatch & { readonly old: ReleaseCounts | undefined },
): Promise<string> {
  const startedMs = performance.now();
  while (performance.now() - startedMs < watchMs) {
    await systemClock.sleep(Math.min(lookMs, watchMs), watch.signal);
    await compare(before, watch, watch.old ?? nothing);
  }
  return `it held for ${watchMs.toLocaleString('en')} ms`;
}

async function compare(before: Look, watch: CanaryWatch, old: ReleaseCounts | undefined) {
  const look = await watch.traffic.look();
  const canary = countsBetween(before.canary, look.canary);
  const running = old ?? runningCounts(before, look);
  const comparison = {
    step: watch.step,
    percent: watch.percent,
    canary,
    running,
    ...compareReleases(canary, running, watch.settings),
  };
  watch.onLook(look, comparison);
  requireHealth(look, { isPromoted: old !== undefined });
  if (comparison.verdict === 'failing') throw failed(comparison.reason);
  return { comparison, sessions: look.canary.sessions };
}

/** Its mean is that of its last requests, whenever they were: it is known exactly. */
function runningCounts(before: Look, now: Look): ReleaseCounts {
  if (!before.running || !now.running) return nothing;
  return { ...countsBetween(before.running, now.running), meanMs: now.running.recentMeanMs, withinMs: 1 };
}

function failed(message: string): OpsError {
  return new OpsError('UNITE_OPS_DEPLOY_FAILED', message);
}
