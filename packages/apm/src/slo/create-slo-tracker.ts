import type { Clock } from '@unite/core';
import type { FinishedRequest } from '../observation/observation-types';
import { burnRate, stateOf } from './burn-rates';
import { matchesRoute } from './matches-route';
import { MinuteCounts } from './minute-counts';
import { windowMs } from './scaled-window';
import type { Slo, SloCounts, SloReport } from './slo-types';

/** Keeps how objectives stand, from the requests of this process. */
export interface SloTracker {
  /** Counts a request for each objective that is for its route. An aborted one says nothing about the service. */
  record(request: FinishedRequest): void;
  reports(): SloReport[];
}

interface Tracked {
  readonly slo: Slo;
  readonly minutes: MinuteCounts;
  good: number;
  total: number;
}

/** Routes whose objectives are remembered; they are bounded before, and this is so whatever comes. */
const maxRoutes = 2_000;

/**
 * Tracks objectives in memory, six hours of each in slots of a minute.
 *
 * @param slos what is promised, see `slo`
 * @param options of `clock` only the monotonic time is used, so that a wall clock which jumps moves nothing
 */
export function createSloTracker(
  slos: readonly Slo[],
  { clock }: { readonly clock: Pick<Clock, 'monotonicMs'> },
): SloTracker {
  const all: Tracked[] = slos.map((slo) => ({ slo, minutes: new MinuteCounts(), good: 0, total: 0 }));
  const byRoute = new Map<string, Tracked[]>();
  const startedAtMs = clock.monotonicMs();

  return {
    record(request) {
      if (request.isAborted) return;
      const minute = minuteNow();
      for (const tracked of trackedFor(request.route)) {
        const isGood = isGoodFor(tracked.slo, request);
        tracked.total += 1;
        if (isGood) tracked.good += 1;
        tracked.minutes.add(minute, isGood);
      }
    },
    reports: () => all.map((tracked) => reportOf(tracked, minuteNow())),
  };

  function minuteNow(): number {
    return Math.floor((clock.monotonicMs() - startedAtMs) / 60_000);
  }

  function trackedFor(route: string): Tracked[] {
    const known = byRoute.get(route);
    if (known) return known;
    const found = all.filter(({ slo }) => matchesRoute(slo, route));
    if (byRoute.size < maxRoutes) byRoute.set(route, found);
    return found;
  }
}

/** As the bucket of the histogram counts: `underMs` itself is good. */
function isGoodFor({ underMs }: Slo, { isError, status, durationMs }: FinishedRequest): boolean {
  return !isError && status < 500 && (underMs === undefined || durationMs <= underMs);
}

function reportOf({ slo, minutes, good, total }: Tracked, now: number): SloReport {
  const over = (window: string): SloCounts => minutes.last(windowMs(window) / 60_000, now);
  const rateOver = (window: string): number | undefined => burnRate(slo, over(window));
  const burnRates = {
    '5m': rateOver('5m'),
    '30m': rateOver('30m'),
    '1h': rateOver('1h'),
    '6h': rateOver('6h'),
  };
  return { slo, counts: { good, total }, burnRates, state: stateOf(slo, over) };
}
