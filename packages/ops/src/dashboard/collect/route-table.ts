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

  /**
   * One of too many routes is `other`.
   *
   * @param bucket of its time; `undefined` for one that is not counted
   */
  record(route: string, isError: boolean, bucket: number | undefined): void {
    const counted = this.#routes.get(route) ?? this.#admit(route);
    counted.requests += 1;
    if (isError) counted.errors += 1;
    if (bucket !== undefined) counted.times.record(bucket);
  }

  #admit(route: string): Counted {
    const name = this.#routes.size < maxRoutes ? route : otherRoutes;
    const counted = this.#routes.get(name) ?? { requests: 0, errors: 0, times: new LatencyHistogram() };
    this.#routes.set(name, counted);
    return counted;
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
