import type { GeneratorHealth } from './generator-watch';
import { judgeObjectives } from './judge-objectives';
import type { LoadPlan } from './load-plan';
import type { Measured } from './load-run';
import type { LoadReport } from './load-types';

/** A generator that is busier than this has no time left to look at answers. */
const mostBusyShare = 0.9;
/** What is late by less, in milliseconds, is the way of timers, however fast the target is. */
const leastLateMs = 5;

/** What the figures come to. */
export function reportLoad(plan: LoadPlan, measured: Measured): LoadReport {
  const { book, stalls, health, durationMs, answers } = measured;
  const figures = {
    total: book.total,
    requestsPerSecond: durationMs > 0 ? (answers * 1_000) / durationMs : 0,
    outcomes: book.outcomes,
  };
  const verdict = judgeObjectives(plan.objectives, figures);
  const interrupted = plan.signal?.aborted ?? false;
  return {
    target: plan.target.href,
    users: plan.users,
    thinkMs: plan.thinkMs,
    durationMs,
    seed: plan.seed,
    ...figures,
    byRequest: book.byRequest,
    bytesReceived: book.bytes,
    serviceTime: book.service.summary(),
    stalls,
    generatorDelay: health.delay,
    warnings: warningsOf(figures, health),
    verdict,
    interrupted,
    kept: !interrupted && !allFailed(figures.total) && verdict.every(({ kept }) => kept),
  };
}

/** So has a run without any: it shows nothing. */
function allFailed({ requests, errors }: LoadReport['total']): boolean {
  return errors === requests;
}

function warningsOf(
  { total, outcomes }: Pick<LoadReport, 'total' | 'outcomes'>,
  { delay, busyShare }: GeneratorHealth,
): string[] {
  const warnings = [
    total.requests === 0 && 'nothing was measured: no request was due in the measured time',
    total.requests > 0 && allFailed(total) && 'every request failed, so the run is not kept',
    busyShare > mostBusyShare &&
      `the generator's CPU was the limit: its event loop was busy ${Math.round(busyShare * 100)} % of the time, so the target may be faster than this`,
    total.latency.maxMs > 0 &&
      delay.p99Ms > Math.max(leastLateMs, total.latency.p99Ms / 10) &&
      `the generator was late: by ${delay.p99Ms.toFixed(1)} ms at its 99th percentile, of a latency of ${total.latency.p99Ms.toFixed(1)} ms; the figures are about this machine`,
    outcomes.EMFILE &&
      'connections could not be opened since this process may not open more files (EMFILE): raise the limit with "ulimit -n", or take fewer users',
    outcomes.EADDRNOTAVAIL &&
      'connections could not be opened since this machine has no more ports for this target (EADDRNOTAVAIL): take fewer users, or several machines',
  ];
  return warnings.filter((warning) => typeof warning === 'string');
}
