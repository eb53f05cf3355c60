import type { MetricRegistry, MetricSeries } from './metrics';
import type { Exemplar } from './metrics/metric-types';
import type { FinishedRequest } from './observation/observation-types';

/** Names of what is recorded of every request and error; the rules that `@unite/apm/slo` writes ask for them. */
export const requestDurationMetric = 'http_server_request_duration_seconds';
export const errorsMetric = 'apm_errors_total';

/** @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics */
const labels = ['http_route', 'http_request_method', 'http_response_status_code'];

/** Records how long requests took, by route, method and status. */
export function createRequestMetrics(registry: MetricRegistry, buckets: readonly number[]) {
  const series = registry.series(requestDurationMetric, {
    kind: 'histogram',
    help: 'How long requests took to be answered',
    labels,
    buckets,
  }) as MetricSeries;

  return (request: FinishedRequest, method: string, template: string, traceId: string | undefined): void => {
    const exemplar: Exemplar | undefined = traceId === undefined ? undefined : { traceId };
    // Whoever went away got no answer; objectives leave 499 out, the status that proxies write down for it.
    const status = request.isAborted ? '499' : String(request.status);
    series.put(request.durationMs / 1_000, [template, method, status], exemplar);
  };
}

/** The counter of errors, by where they came to light and what they are. */
export function declareErrors(registry: MetricRegistry): void {
  registry.declare(errorsMetric, {
    kind: 'counter',
    help: 'Errors that were captured, once each',
    labels: ['kind', 'type'],
  });
}
