import { bucketsFor, type Slo } from '../../../src/slo';
import { eventually } from './eventually';
import { query } from './query';
import type { ObservedServer } from './start-server';

/** One quantile, as Prometheus estimates it and as it was. */
export interface Quantile {
  readonly quantile: number;
  readonly scrapedMs: number;
  readonly truthMs: number;
  /** Bounds of the bucket that the truth is in: the estimate can be anywhere between. */
  readonly bucketMs: readonly [number, number];
}

/** Waits until all requests are scraped, and asks for p50, p95 and p99. */
export async function quantilesOf(
  prometheus: { readonly url: string },
  server: ObservedServer,
  slos: readonly Slo[],
): Promise<Quantile[]> {
  await eventually('scrape of all requests', async () => {
    const [count] = await query(prometheus, 'sum(http_server_request_duration_seconds_count)');
    return count?.value === server.durationsMs.length ? true : undefined;
  });
  const sorted = [...server.durationsMs].sort((one, other) => one - other);
  const bounds = bucketsFor(slos).map((bound) => bound * 1_000);
  const quantiles: Quantile[] = [];
  for (const quantile of [0.5, 0.95, 0.99]) {
    const expression = `histogram_quantile(${quantile}, sum by (le) (http_server_request_duration_seconds_bucket))`;
    const [scraped] = await query(prometheus, expression);
    const truthMs = sorted[Math.ceil(quantile * sorted.length) - 1] ?? NaN;
    const upper = bounds.find((bound) => truthMs <= bound) ?? Infinity;
    const lower = bounds.findLast((bound) => bound < upper) ?? 0;
    const scrapedMs = (scraped?.value ?? NaN) * 1_000;
    quantiles.push({ quantile, scrapedMs, truthMs, bucketMs: [lower, upper] });
  }
  return quantiles;
}
