import { errorsMetric, requestDurationMetric } from '../request-metrics';
import type { DashboardOptions } from './generator-options';
import { budgetUsedMetric, sinkAcceptedMetric, sinkDroppedMetric, sinkSentMetric } from './metric-names';
import { serviceMatchers } from './prom-ql';

/** One query of a panel of Grafana. */
export interface PanelQuery {
  readonly expr: string;
  /** `{{label}}` stands for its value. */
  readonly legend: string;
  /** Names that the query reads, as a scrape declares them; those with `slo:` are recorded by `prometheusRules`. */
  readonly metrics: readonly string[];
}

/** One panel of a dashboard. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  /** As Grafana names it: `reqps`, `s`, `percentunit`, `short`. */
  readonly unit: string;
  readonly queries: readonly PanelQuery[];
}

/** What a dashboard shows: rate, errors and duration, objectives, kinds of errors, telemetry itself, the business. */
export function dashboardPanels(options: DashboardOptions): Panel[] {
  const { prefix = '', metrics = [] } = options;
  const matchers = serviceMatchers(options);
  const of = (metric: string, more: readonly string[] = []): string =>
    `${metric}{${[...matchers, ...more].join(',')}}`;
  const rate = (metric: string, more?: readonly string[]): string =>
    `rate(${of(metric, more)}[$__rate_interval])`;
  const duration = `${prefix}${requestDurationMetric}`;
  const count = `${duration}_count`;
  const query = (expr: string, legend: string, metric: string): PanelQuery => ({
    expr,
    legend,
    metrics: [metric],
  });

  return [
    panel('Requests', 'Requests a second, by route.', 'reqps', [
      query(
        `sum by (http_request_method, http_route) (${rate(count)})`,
        '{{http_request_method}} {{http_route}}',
        duration,
      ),
    ]),
    panel('Errors', 'Share of answers with 500 and above.', 'percentunit', [
      query(
        `(sum(${rate(count, ['http_response_status_code=~"5.."'])}) or 0 * sum(${rate(count)})) / sum(${rate(count)})`,
        'errors',
        duration,
      ),
    ]),
    panel(
      'Duration',
      'Estimated from the buckets.',
      's',
      [50, 95, 99].map((percent) =>
        query(
          `histogram_quantile(${percent / 100}, sum by (le) (${rate(`${duration}_bucket`)}))`,
          `p${percent}`,
          duration,
        ),
      ),
    ),
    panel('Error budgets', 'What is left of each objective’s budget.', 'percentunit', [
      recorded('slo:error_budget:remaining_ratio', matchers),
    ]),
    panel(
      'Bad requests of objectives',
      'Share over an hour; the budget is 1 less the target.',
      'percentunit',
      [recorded('slo:bad_ratio:rate1h', matchers)],
    ),
    panel('Requests by release', 'So that a deployment is seen.', 'reqps', [
      query(`sum by (service_version, deployment_id) (${rate(count)})`, '{{service_version}}', duration),
    ]),
    panel('Errors by type', 'Captured errors a second.', 'short', [
      query(
        `sum by (kind, type) (${rate(`${prefix}${errorsMetric}`)})`,
        '{{kind}} {{type}}',
        `${prefix}${errorsMetric}`,
      ),
    ]),
    panel('Telemetry', 'What sinks took, sent and dropped, a second.', 'short', [
      ...([sinkAcceptedMetric, sinkSentMetric] as const).map((metric) =>
        query(`sum by (sink) (${rate(prefix + metric)})`, `{{sink}} ${metric}`, prefix + metric),
      ),
      query(
        `sum by (sink, reason) (${rate(prefix + sinkDroppedMetric)})`,
        '{{sink}} dropped: {{reason}}',
        prefix + sinkDroppedMetric,
      ),
    ]),
    panel('Telemetry budgets', 'Share of the day’s budget that is used.', 'percentunit', [
      query(`max by (unit) (${of(prefix + budgetUsedMetric)})`, '{{unit}}', prefix + budgetUsedMetric),
    ]),
    ...metrics.map((metric) => ownPanel(metric, prefix, { of, rate })),
  ];
}

/** Name of a metric as a scrape declares it. */
function scrapedName(
  { kind, name }: { readonly kind: string; readonly name: string },
  prefix: string,
): string {
  return kind === 'counter' && !name.endsWith('_total') ? `${prefix}${name}_total` : `${prefix}${name}`;
}

function ownPanel(
  metric: NonNullable<DashboardOptions['metrics']>[number],
  prefix: string,
  { of, rate }: { of: (metric: string) => string; rate: (metric: string) => string },
): Panel {
  const name = scrapedName(metric, prefix);
  const labels = metric.labels.slice(0, 2);
  const by = labels.length === 0 ? '' : ` by (${labels.join(', ')})`;
  const legend = labels.map((label) => `{{${label}}}`).join(' ') || metric.name;
  const exprs = {
    counter: `sum${by} (${rate(name)})`,
    gauge: `sum${by} (${of(name)})`,
    histogram: `histogram_quantile(0.95, sum by (${['le', ...labels].join(', ')}) (${rate(`${name}_bucket`)}))`,
  };
  const title = metric.kind === 'histogram' ? `${metric.name} (p95)` : metric.name;
  return panel(title, metric.help, 'short', [{ expr: exprs[metric.kind], legend, metrics: [name] }]);
}

function recorded(record: string, matchers: readonly string[]): PanelQuery {
  return { expr: `${record}{${matchers.join(',')}}`, legend: '{{slo}}', metrics: [record] };
}

function panel(title: string, description: string, unit: string, queries: readonly PanelQuery[]): Panel {
  return { title, description, unit, queries };
}
