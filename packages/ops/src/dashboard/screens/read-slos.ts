import type { SlosScreen } from '../screen-types';
import type { SloReportLike } from '../source-types';
import type { ScreenSources } from './screen-source-types';

const dayMs = 86_400_000;

/** How long until the budget is gone? */
export function readSlos({ options, collectors, clock }: ScreenSources): SlosScreen {
  const watchedMs = clock.wallMs() - collectors.startedAtMs;
  const rows = (options.apm?.slos() ?? []).map((report) => {
    const { slo, counts, burnRates, state } = report;
    return {
      ...slo,
      ...counts,
      burn: {
        '5m': burnRates['5m'] ?? null,
        '30m': burnRates['30m'] ?? null,
        '1h': burnRates['1h'] ?? null,
        '6h': burnRates['6h'] ?? null,
      },
      state,
      goneInMs: goneInMs(report, watchedMs),
    };
  });
  return { rows };
}

/** What is left after what this process has seen, at the pace of the last hour. */
function goneInMs({ slo, counts, burnRates }: SloReportLike, watchedMs: number): number | null {
  const windowMs = slo.windowDays * dayMs;
  const burn = burnRates['1h'];
  if (burn === undefined || burn <= 0 || counts.total === 0) return null;
  const burnSinceStart = (counts.total - counts.good) / counts.total / (1 - slo.target);
  const left = Math.max(0, 1 - (burnSinceStart * watchedMs) / windowMs);
  const ms = Math.round((left * windowMs) / burn);
  return ms < windowMs ? ms : null;
}
