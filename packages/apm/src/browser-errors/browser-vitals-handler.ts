import { backgroundClock } from '@unite/shared';
import type { MetricDeclaration } from '../metrics/metric-types';
import type { Apm } from '../types';
import { knownRoute } from './known-route';
import { type BrowserRouteOptions, receiveJson, textOf } from './receive-json';

const second = (help: string, buckets: readonly number[]): MetricDeclaration => ({
  kind: 'histogram',
  help,
  labels: ['route'],
  buckets,
});
const slow = [0.1, 0.2, 0.5, 0.8, 1, 1.8, 2.5, 3, 4, 6, 10];

/**
 * Metrics of `browserVitalsHandler`, for the option `metrics` of `startApm`. Bounds include those of good and poor.
 *
 * @see https://web.dev/articles/vitals
 */
export const browserMetrics: Readonly<Record<string, MetricDeclaration>> = {
  browser_lcp_seconds: second('Largest contentful paint of pages.', slow),
  browser_fcp_seconds: second('First contentful paint of pages.', slow),
  browser_ttfb_seconds: second('Time to the first byte of pages.', slow),
  browser_inp_seconds: second('Interaction to next paint of pages.', [0.05, 0.1, 0.2, 0.3, 0.5, 1, 2]),
  browser_cls: second(
    'Cumulative layout shift of pages, without a unit.',
    [0.01, 0.05, 0.1, 0.15, 0.25, 0.5, 1],
  ),
};

/** What a page calls it, what it is here, and how much of it is one. A page that was open for a day says no more. */
const vitals = [
  ['LCP', 'browser_lcp_seconds', 1_000, 60_000],
  ['FCP', 'browser_fcp_seconds', 1_000, 60_000],
  ['TTFB', 'browser_ttfb_seconds', 1_000, 60_000],
  ['INP', 'browser_inp_seconds', 1_000, 60_000],
  ['CLS', 'browser_cls', 1, 100],
] as const;

/**
 * Takes what the page's `vitals` option sends, and records it by route.
 *
 * @example
 * // app/api/browser-vitals/route.ts
 * export const POST = browserVitalsHandler(apm);
 */
export function browserVitalsHandler(
  apm: Pick<Apm, 'record' | 'routes'>,
  options: BrowserRouteOptions = {},
): (request: Request) => Promise<Response> {
  const { routes = [], clock = backgroundClock } = options;
  const routeOf = knownRoute(apm, { routes, clock });
  return receiveJson(options, ({ values, route, path }) => {
    const given = Object(values);
    const taken = vitals.filter(([name, , , most]) => isWithin(given[name], most));
    const labels = { route: routeOf(route, textOf(path, 500)) };
    for (const [name, metric, perUnit] of taken) {
      apm.record(metric, given[name] / perUnit, labels);
    }
    return taken.length > 0;
  });
}

function isWithin(value: unknown, most: number): boolean {
  return typeof value === 'number' && value >= 0 && value <= most;
}
