import { errorsMetric, requestDurationMetric } from '../request-metrics';
import { datadogName, objectiveQueries, serviceScope } from './datadog-queries';
import { checkGeneratorOptions, type DashboardOptions } from './generator-options';
import { listDemand } from './grafana-dashboard';
import { budgetUsedMetric, sinkAcceptedMetric, sinkDroppedMetric, sinkSentMetric } from './metric-names';

/** A dashboard of Datadog, as `POST /api/v1/dashboard` takes it. */
export interface DatadogDashboard {
  readonly title: string;
  readonly layout_type: 'ordered';
  readonly widgets: readonly DatadogWidget[];
}

/** One widget of it. */
export interface DatadogWidget {
  readonly definition: {
    readonly title: string;
    readonly type: 'timeseries';
    readonly requests: readonly {
      readonly queries: readonly DatadogQuery[];
      readonly [setting: string]: unknown;
    }[];
  };
}

/** One query of it. */
export interface DatadogQuery {
  readonly data_source: 'metrics';
  readonly name: string;
  readonly query: string;
}

/**
 * Makes a dashboard for Datadog of what the sink `datadog()` sends: rate, errors and duration, the good share of each
 * objective, telemetry itself, and a widget for each metric of the business.
 *
 * @throws TypeError for an option that cannot be
 */
export function datadogDashboard(options: DashboardOptions): DatadogDashboard {
  checkGeneratorOptions('datadogDashboard', options, { metrics: (value) => listDemand(value) });
  const { service, environment, slos, metrics = [] } = options;
  const scope = serviceScope(options);
  const of = (metric: string): string => `${datadogName(metric, options)}{${scope}}`;
  const duration = datadogName(requestDurationMetric, options);
  const by = '{http_route,http_request_method}';
  return {
    title: environment === undefined ? service : `${service} (${environment})`,
    layout_type: 'ordered',
    widgets: [
      widget('Requests', [`count:${of(requestDurationMetric)} by ${by}.as_rate()`]),
      widget(
        'Errors',
        [
          `count:${duration}{${scope} AND http_response_status_code:5*}.as_count()`,
          `count:${of(requestDurationMetric)}.as_count()`,
        ],
        '100 * query1 / query2',
      ),
      widget(
        'Duration',
        [50, 95, 99].map((percent) => `p${percent}:${of(requestDurationMetric)}`),
      ),
      ...slos.map((slo) => {
        const { good, total } = objectiveQueries(slo, options);
        return widget(`${slo.name}: good requests`, [good, total], '100 * query1 / query2');
      }),
      widget('Requests by release', [`count:${of(requestDurationMetric)} by {version,deployment}.as_rate()`]),
      widget('Errors by type', [`sum:${of(errorsMetric)} by {kind,type}.as_count()`]),
      widget('Telemetry', [
        `sum:${of(sinkAcceptedMetric)} by {sink}.as_count()`,
        `sum:${of(sinkSentMetric)} by {sink}.as_count()`,
        `sum:${of(sinkDroppedMetric)} by {sink,reason}.as_count()`,
      ]),
      widget('Telemetry budgets', [`max:${of(budgetUsedMetric)} by {unit}`]),
      ...metrics.map(({ name, kind, labels }) => {
        const groups = labels.length === 0 ? '' : ` by {${labels.slice(0, 2).join(',')}}`;
        const queries = {
          counter: `sum:${of(name)}${groups}.as_count()`,
          gauge: `sum:${of(name)}${groups}`,
          histogram: `p95:${of(name)}${groups}`,
        };
        return widget(name, [queries[kind]]);
      }),
    ],
  };
}

/** @param formula of `query1`, `query2` … @default each query alone */
function widget(title: string, queries: readonly string[], formula?: string): DatadogWidget {
  const named = queries.map(
    (query, index): DatadogQuery => ({ data_source: 'metrics', name: `query${index + 1}`, query }),
  );
  const formulas = formula === undefined ? named.map(({ name }) => ({ formula: name })) : [{ formula }];
  return {
    definition: {
      title,
      type: 'timeseries',
      requests: [{ response_format: 'timeseries', display_type: 'line', formulas, queries: named }],
    },
  };
}
