import type { RequestsScreen } from '../screen-types';
import { LatencyHistogram } from './latency-histogram';

/** How many routes are told apart; the rest is one. */
export const maxRoutes = 200;
export const otherRoutes = 'other';

interface Counted {
  requests: number;
  errors: number;
  readonly times: LatencyHistogram;
}

/** Rate, errors and duration by route since the start. */
export class RouteTable {
  readonly #routes = new Map<string, Counted>();

  /** The route as it is counted: one of too many is `other`. */
  admit(route: string): string {
    return this.#routes.has(route) || this.#routes.size < maxRoutes ? route : otherRoutes;
  }

  record(route: string, isError: boolean, durationMs: number | undefined): void {
    let counted = this.#routes.get(route);
    if (!counted) {
      counted = { requests: 0, errors: 0, times: new LatencyHistogram() };
      this.#routes.set(route, counted);
    }
    counted.requests += 1;
    if (isError) counted.errors += 1;
    if (durationMs !== undefined) counted.times.record(durationMs);
  }

  /** The busiest first. */
  rows(): RequestsScreen['routes'] {
    return [...this.#routes]
      .map(([route, { requests, errors, times }]) => ({
        route,
        requests,
        errors,
        p50Ms: times.quantileMs(0.5) ?? 0,
        p95Ms: times.quantileMs(0.95) ?? 0,
        p99Ms: times.quantileMs(0.99) ?? 0,
      }))
      .sort((one, other) => other.requests - one.requests);
  }
}
