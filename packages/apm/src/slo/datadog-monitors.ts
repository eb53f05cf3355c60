import { cryptoFailuresMetric, tamperingCodes } from '../channels/crypto-metrics';
import { errorsMetric } from '../request-metrics';
import { burnRules, factorFor, leastForPage } from './burn-rates';
import { datadogName, objectiveQueries, serviceScope } from './datadog-queries';
import { checkGeneratorOptions, type GeneratorOptions } from './generator-options';
import { budgetUsedMetric, sinkDroppedMetric } from './metric-names';
import { decimal } from './prom-ql';
import { runbookOf } from './runbook-links';
import type { Slo } from './slo-types';

/** A monitor, as `POST /api/v1/monitor` takes it. */
export interface DatadogMonitor {
  readonly name: string;
  readonly type: 'slo alert' | 'query alert';
  /** Of an objective's: `SLO_ID` stands for the id that Datadog gave to the objective. */
  readonly query: string;
  readonly message: string;
  readonly tags: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** An objective, as `POST /api/v1/slo` takes it, and the monitors that watch its budget. */
export interface DatadogObjective {
  readonly objective: Readonly<Record<string, unknown>>;
  readonly monitors: readonly DatadogMonitor[];
}

/**
 * Makes objectives and monitors for Datadog: burn rates over two windows each, and monitors for lost telemetry, spent
 * budgets of telemetry, errors of a new type, and encrypted values that somebody seems to have tampered with.
 *
 * Create each objective first, and put its id in the place of `SLO_ID`. The percentiles of the distribution
 * `http_server_request_duration_seconds` have to be switched on for objectives with `underMs`.
 *
 * @see https://docs.datadoghq.com/service_management/service_level_objectives/burn_rate
 * @throws TypeError for an option that cannot be
 */
export function datadogMonitors(options: GeneratorOptions): {
  readonly objectives: readonly DatadogObjective[];
  readonly monitors: readonly DatadogMonitor[];
} {
  checkGeneratorOptions('datadogMonitors', options);
  return {
    objectives: options.slos.map((slo) => datadogObjective(slo, options)),
    monitors: apmMonitors(options),
  };
}

/** Datadog knows objectives of 7, 30 and 90 days: the next longer one. */
function timeframeOf({ windowDays }: Slo): string {
  if (windowDays <= 7) return '7d';
  return windowDays <= 30 ? '30d' : '90d';
}

function datadogObjective(slo: Slo, options: GeneratorOptions): DatadogObjective {
  const { good, total } = objectiveQueries(slo, options);
  const timeframe = timeframeOf(slo);
  const target = Number(decimal(slo.target * 100));
  const tags = [...tagsOf(options), `slo:${slo.name}`];
  return {
    objective: {
      name: `${options.service}: ${slo.name}`,
      type: 'metric',
      query: { numerator: good, denominator: total },
      thresholds: [{ timeframe, target }],
      tags,
    },
    monitors: burnRules
      // Its long window is two days at most.
      .filter(({ long }) => long !== '3d')
      .map((rule) => {
        const factor = decimal(factorFor(slo, rule));
        return {
          name: `${options.service}: the error budget of ${slo.name} burns too fast (${rule.long})`,
          type: 'slo alert',
          query: `burn_rate("SLO_ID").over("${timeframe}").long_window("${inHours(rule.long)}").short_window("${rule.short}") > ${factor}`,
          message: withRunbook(
            'SloBudgetBurn',
            `Over ${rule.long} and ${rule.short} the budget of ${slo.name} was used ${factor} times too fast.`,
            options,
          ),
          tags: [...tags, `severity:${rule.severity}`],
          options: { thresholds: { critical: Number(factor) } },
        };
      }),
  };
}

function inHours(window: string): string {
  return window === '1d' ? '24h' : window;
}

function apmMonitors(options: GeneratorOptions): DatadogMonitor[] {
  const scope = serviceScope(options);
  const monitor = (
    alert: string,
    name: string,
    query: string,
    critical: number,
    message: string,
    more = {},
  ): DatadogMonitor => ({
    name: `${options.service}: ${name}`,
    type: 'query alert',
    query,
    message: withRunbook(alert, message, options),
    tags: [...tagsOf(options), 'severity:ticket'],
    options: { thresholds: { critical }, ...more },
  });
  const dropped = `sum:${datadogName(sinkDroppedMetric, options)}{${scope}} by {sink,reason}.as_count()`;
  const used = `max:${datadogName(budgetUsedMetric, options)}{${scope}} by {unit}`;
  const codes = tamperingCodes.map((code) => `code:${code.toLowerCase()}`).join(' OR ');
  const tampered = `sum:${datadogName(cryptoFailuresMetric, options)}{${scope} AND (${codes})} by {table,column}.as_count()`;
  const errors = `sum:${datadogName(errorsMetric, options)}{${scope}} by {kind,type}.as_count()`;
  return [
    monitor(
      'ApmTelemetryLost',
      'telemetry is lost',
      `sum(last_10m):${dropped} > 0`,
      0,
      '{{sink.name}} drops: {{reason.name}}',
    ),
    monitor(
      'ApmTelemetryBudget',
      'a telemetry budget is used',
      `max(last_10m):${used} >= 0.8`,
      0.8,
      '80 % are used: {{unit.name}}',
    ),
    monitor(
      'ApmNewErrorType',
      'a new type of error',
      `sum(last_15m):default_zero(${errors}) > 0`,
      0,
      '{{type.name}} ({{kind.name}})',
      {
        // A group alerts at its first value, and stays silent for a day however often it comes.
        new_group_delay: 0,
        renotify_interval: 0,
        timeout_h: 24,
      },
    ),
    {
      ...monitor(
        'CryptoTampering',
        'encrypted values are tampered with',
        `sum(last_10m):${tampered} >= ${leastForPage.bad}`,
        leastForPage.bad,
        'Values of {{table.name}}.{{column.name}} are not what was encrypted there: altered, misplaced or replaced',
      ),
      tags: [...tagsOf(options), 'severity:page'],
    },
  ];
}

/** The names are those of the alerts of Prometheus, so that there is one runbook for both. */
function withRunbook(alert: string, message: string, options: GeneratorOptions): string {
  const url = runbookOf(alert, options);
  return url === undefined ? message : `${message}\n\nRunbook: ${url}`;
}

function tagsOf({ service, environment }: GeneratorOptions): string[] {
  return [`service:${service}`, ...(environment === undefined ? [] : [`env:${environment}`])];
}
