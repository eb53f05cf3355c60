import { overflow } from '../metrics';
import type { FinishedRequest, RouteReport } from './observation-types';

interface Counted {
  requests: number;
  errors: number;
  /** One more than there are bounds: the last one has no bound. */
  readonly buckets: Float64Array;
}

/** Rate, errors and duration of each route of a process, in memory that does not grow with what is asked for. */
export class RouteStats {
  readonly #maxRoutes: number;
  readonly #boundsMs: readonly number[];
  readonly #routes = new Map<string, Counted>();

  /** @param boundsMs of the histogram, rising */
  constructor(maxRoutes: number, boundsMs: readonly number[]) {
    this.#maxRoutes = maxRoutes;
    this.#boundsMs = boundsMs;
  }

  /** The route, or what stands for all that are over the cap. */
  admit(route: string): string {
    return this.#routes.has(route) || this.#routes.size < this.#maxRoutes ? route : overflow;
  }

  record({ route, isError, durationMs }: FinishedRequest): void {
    let counted = this.#routes.get(route);
    if (!counted) {
      counted = { requests: 0, errors: 0, buckets: new Float64Array(this.#boundsMs.length + 1) };
      this.#routes.set(route, counted);
    }
    counted.requests += 1;
    if (isError) counted.errors += 1;
    const bucket = this.#boundsMs.findIndex((boundMs) => durationMs <= boundMs);
    const index = bucket < 0 ? this.#boundsMs.length : bucket;
    counted.buckets[index] = Number(counted.buckets[index]) + 1;
  }

  reports(): readonly RouteReport[] {
    return [...this.#routes].map(([route, { requests, errors, buckets }]) => ({
      route,
      requests,
      errors,
      p50Ms: this.#quantile(buckets, requests, 0.5),
      p95Ms: this.#quantile(buckets, requests, 0.95),
      p99Ms: this.#quantile(buckets, requests, 0.99),
    }));
  }

  /** As `histogram_quantile` of Prometheus has it: even within a bucket, and the last bound for what has none. */
  #quantile(buckets: Float64Array, requests: number, share: number): number {
    const rank = share * requests;
    let below = 0;
    const index = buckets.findIndex((count) => {
      below += count;
      return below >= rank;
    });
    const upper = this.#boundsMs[index];
    if (upper === undefined) return this.#boundsMs.at(-1) as number;
    const lower = this.#boundsMs[index - 1] ?? 0;
    const count = buckets[index] as number;
    return lower + ((upper - lower) * (rank - (below - count))) / count;
  }
}
