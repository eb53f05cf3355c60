import { expects } from '@unite/shared';
import { cryptoFailuresMetric, tamperingCodes } from '../channels/crypto-metrics';
import { prefixCheck } from '../prometheus/names';
import { errorsMetric } from '../request-metrics';
import { burnRules, factorFor, leastForPage } from './burn-rates';
import { checkGeneratorOptions, type GeneratorOptions } from './generator-options';
import { budgetUsedMetric, sinkDroppedMetric } from './metric-names';
import { badRate, decimal, quoted, serviceMatchers, totalRate } from './prom-ql';
import { runbookAnnotation } from './runbook-links';
import { scaledWindow, windowMs } from './scaled-window';
import type { Slo } from './slo-types';
import { yamlText } from './yaml-text';

/** Options of `prometheusRules`. */
export interface PrometheusRulesOptions extends GeneratorOptions {
  /** Shortens all windows, for a test of the whole chain: with 1 / 60 an hour is a minute; 1 / 300 at least. @default 1 */
  readonly windowScale?: number | undefined;
}

/** One rule, as the file of rules has it. */
export interface PrometheusRule {
  readonly record?: string | undefined;
  readonly alert?: string | undefined;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** What is recorded of raw counters, and what of the rates recorded before: long ranges of many series are slow. */
const rawWindows = ['5m', '30m', '1h', '2h', '6h'];
/** What is needed for a page is counted over its long window. */
const pageWindows = burnRules.filter(({ severity }) => severity === 'page').map(({ long }) => long);
const recordedWindows = ['1d', '3d'];

/**
 * Writes a file of rules for Prometheus: the share of bad requests over each window, the budget that is left, alerts
 * for budgets that burn too fast, and alerts for errors of a new kind, lost telemetry, spent budgets of telemetry, and
 * encrypted values of `@unite/crypto` that somebody seems to have tampered with.
 *
 * Alerts have the label `severity`: `page` or `ticket`. Nothing in their annotations changes while they fire. A page needs
 * 10 bad requests, or 100 requests at all, in its long window: below that there are tickets alone.
 *
 * @returns YAML
 * @throws TypeError for an option that cannot be
 * @example
 * await writeFile('rules/crm.yml', prometheusRules({ slos, service: 'crm' }));
 * // prometheus.yml: rule_files: [rules/*.yml]
 */
export function prometheusRules(options: PrometheusRulesOptions): string {
  // Prometheus knows no window of 0, and scrapes at a second at best.
  const isScale = (value: unknown): boolean => typeof value === 'number' && value >= 1 / 300 && value <= 1;
  checkGeneratorOptions('prometheusRules', options, {
    prefix: prefixCheck,
    windowScale: expects('a number from 1 / 300, with which 5 minutes are a second, to 1', isScale),
  });
  const { slos, service } = options;
  const groups = [
    ...slos.map((slo) => ({ name: `${service}-slo-${slo.name}`, rules: objectiveRules(slo, options) })),
    { name: `${service}-apm`, rules: apmAlerts(options) },
  ].map(({ name, rules }) => ({ name, rules: rules.map((rule) => withRunbook(rule, options)) }));
  return yamlText({ groups });
}

function withRunbook(rule: PrometheusRule, options: PrometheusRulesOptions): PrometheusRule {
  if (rule.alert === undefined) return rule;
  const link = literals(runbookAnnotation(rule.alert, options));
  return { ...rule, annotations: { ...rule.annotations, ...link } };
}

/** Labels that tell the rules of one objective from those of others. */
export function objectiveLabels(
  { name }: Slo,
  { service, environment }: GeneratorOptions,
): Record<string, string> {
  return { slo: name, ...serviceLabels(service, environment) };
}

/** Texts of an alert. They name no value, so that it stays one alert while the value changes. */
export function burnAnnotations(
  { name, target, route, windowDays }: Slo,
  long: string,
): Record<string, string> {
  return {
    summary: `The error budget of ${name} burns too fast`,
    description: `Over ${long} too many requests of ${route} were bad for ${decimal(target * 100)} % good ones in ${windowDays} days.`,
  };
}

function objectiveRules(slo: Slo, options: PrometheusRulesOptions): PrometheusRule[] {
  const labels = objectiveLabels(slo, options);
  const { windowScale = 1 } = options;
  const own = `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(',')}}`;
  const overTime = (window: string): string => {
    const range = scaledWindow(window, windowScale);
    return `sum_over_time(slo:bad:rate5m${own}[${range}]) / (sum_over_time(slo:requests:rate5m${own}[${range}]) > 0)`;
  };
  const shortest = scaledWindow('5m', windowScale);
  return [
    { record: 'slo:requests:rate5m', expr: totalRate(slo, options, shortest), labels },
    { record: 'slo:bad:rate5m', expr: badRate(slo, options, shortest), labels },
    ...rawWindows.map((window) => {
      const range = scaledWindow(window, windowScale);
      const expr = `${badRate(slo, options, range)} / (${totalRate(slo, options, range)} > 0)`;
      return { record: `slo:bad_ratio:rate${window}`, expr, labels };
    }),
    ...pageWindows.map((window) => {
      const range = scaledWindow(window, windowScale);
      const seconds = decimal((windowMs(window) * windowScale) / 1_000);
      const expr = `${totalRate(slo, options, range)} * ${seconds}`;
      return { record: `slo:requests:increase${window}`, expr, labels };
    }),
    ...recordedWindows.map((window) => ({
      record: `slo:bad_ratio:rate${window}`,
      expr: overTime(window),
      labels,
    })),
    {
      record: 'slo:error_budget:remaining_ratio',
      expr: `1 - ${overTime(`${slo.windowDays}d`)} / ${decimal(1 - slo.target)}`,
      labels,
    },
    ...burnAlerts(slo, own, labels),
    {
      alert: 'SloBudgetSpent',
      expr: `slo:error_budget:remaining_ratio${own} <= 0`,
      labels: { ...literals(labels), severity: 'ticket' },
      annotations: { summary: `The error budget of ${slo.name} for ${slo.windowDays} days is used up` },
    },
  ];
}

/** @see Google SRE Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts" */
function burnAlerts(slo: Slo, own: string, labels: Record<string, string>): PrometheusRule[] {
  return burnRules.map((rule) => {
    const { severity, long, short } = rule;
    const threshold = decimal(factorFor(slo, rule) * (1 - slo.target));
    const ratio = `slo:bad_ratio:rate${long}${own}`;
    const burns = `${ratio} > ${threshold} and slo:bad_ratio:rate${short}${own} > ${threshold}`;
    const requests = `slo:requests:increase${long}${own}`;
    const isEnough = `(${requests} >= ${leastForPage.total} or ${ratio} * ${requests} >= ${leastForPage.bad})`;
    return {
      alert: 'SloBudgetBurn',
      expr: severity === 'page' ? `${burns} and ${isEnough}` : burns,
      labels: { ...literals(labels), severity, long_window: long, short_window: short },
      annotations: literals(burnAnnotations(slo, long)),
    };
  });
}

function apmAlerts(options: PrometheusRulesOptions): PrometheusRule[] {
  const { prefix = '', windowScale = 1, service, environment } = options;
  const labels = { ...literals(serviceLabels(service, environment)), severity: 'ticket' };
  const of = (metric: string, ...matchers: readonly string[]): string =>
    `${prefix}${metric}{${[...serviceMatchers(options), ...matchers].join(',')}}`;
  const [justNow, recent, week] = ['10m', '15m', '7d'].map((window) => scaledWindow(window, windowScale));
  const dropped = of(sinkDroppedMetric);
  const tampered = of(cryptoFailuresMetric, `code=~${quoted(tamperingCodes.join('|'))}`);
  return [
    {
      alert: 'ApmNewErrorType',
      // A counter that appears with 1 has not increased, as Prometheus sees it: so look at what was not there before.
      expr: `sum by (kind, type) (${of(errorsMetric)}) > 0 unless sum by (kind, type) (max_over_time(${of(errorsMetric)}[${week}] offset ${recent}))`,
      labels,
      annotations: { summary: 'An error of a type that was not seen for a week: {{ $labels.type }}' },
    },
    {
      alert: 'ApmTelemetryLost',
      expr: `sum by (sink, reason) (increase(${dropped}[${justNow}])) > 0 or sum by (sink, reason) (${dropped} > 0 unless ${dropped} offset ${justNow})`,
      labels,
      annotations: { summary: 'The sink {{ $labels.sink }} drops errors or metrics: {{ $labels.reason }}' },
    },
    {
      alert: 'ApmTelemetryBudget',
      expr: `max by (unit) (${of(budgetUsedMetric)}) >= 0.8`,
      labels,
      annotations: { summary: '80 % of what may be sent today is used: {{ $labels.unit }}' },
    },
    {
      alert: 'CryptoTampering',
      expr: `sum by (table, column) (increase(${tampered}[${justNow}])) >= ${leastForPage.bad} or sum by (table, column) (${tampered} unless ${tampered} offset ${justNow}) >= ${leastForPage.bad}`,
      labels: { ...labels, severity: 'page' },
      annotations: {
        summary:
          'Values of {{ $labels.table }}.{{ $labels.column }} are not what was encrypted there: altered, misplaced or replaced',
      },
    },
  ];
}

/** Labels and annotations of alerts are templates of Go; those of what is recorded are not. */
export function literals(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, text.replaceAll('{{', '{{ "{{" }}')]),
  );
}

/** What all rules of a service are labelled with. */
export function serviceLabels(service: string, environment: string | undefined): Record<string, string> {
  return {
    service_name: service,
    ...(environment !== undefined && { deployment_environment_name: environment }),
  };
}
