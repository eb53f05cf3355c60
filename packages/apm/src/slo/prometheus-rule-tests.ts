import { checkOptions } from '@unite/shared';
import { cryptoFailuresMetric } from '../channels/crypto-metrics';
import { prefixCheck } from '../prometheus/names';
import { errorsMetric, requestDurationMetric } from '../request-metrics';
import { boundOf } from './buckets-for';
import { burnRules } from './burn-rates';
import { checkGeneratorOptions, type GeneratorOptions } from './generator-options';
import { matchesRoute } from './matches-route';
import { quoted } from './prom-ql';
import { burnAnnotations, objectiveLabels } from './prometheus-rules';
import { runbookAnnotation } from './runbook-links';
import type { Slo } from './slo-types';
import { yamlText } from './yaml-text';

/** Options of `prometheusRuleTests`. */
export interface PrometheusRuleTestsOptions extends GeneratorOptions {
  /** Path of what `prometheusRules` wrote, as seen from the file of tests. */
  readonly rulesFile: string;
}

/**
 * Writes tests of the rules for `promtool test rules`: each objective is quiet while all is well, alerts in an outage,
 * and is quiet again after it; an error of a new type alerts once, and so do encrypted values that many times are not
 * what was encrypted.
 *
 * @returns YAML
 * @throws TypeError for an option that cannot be
 */
export function prometheusRuleTests({ rulesFile, ...options }: PrometheusRuleTestsOptions): string {
  checkGeneratorOptions('prometheusRuleTests', options, { prefix: prefixCheck });
  checkOptions(
    'prometheusRuleTests',
    { rulesFile },
    { rulesFile: (value) => (value ? undefined : 'a path') },
  );
  return yamlText({
    rule_files: [rulesFile],
    evaluation_interval: '5m',
    tests: [
      ...options.slos.flatMap((slo) => objectiveTests(slo, options)),
      newErrorTest(options),
      tamperingTest(options),
    ],
  });
}

function objectiveTests(slo: Slo, options: GeneratorOptions): object[] {
  const burns = (at: string, alerts: readonly object[]): object => ({
    eval_time: at,
    alertname: 'SloBudgetBurn',
    exp_alerts: alerts,
  });
  return [
    {
      name: `${slo.name}: all is well`,
      interval: '1m',
      input_series: requestSeries(slo, options, '200', '0+60x60'),
      alert_rule_test: [burns('1h', [])],
    },
    {
      name: `${slo.name}: half an hour without a good answer, then all is well`,
      interval: '1m',
      input_series: [
        ...requestSeries(slo, options, '503', '0+60x30 1800x450'),
        ...requestSeries(slo, options, '200', '0x30 0+60x450'),
      ],
      alert_rule_test: [burns('30m', outageAlerts(slo, options)), burns('8h', [])],
    },
  ];
}

/** One of the requests that the objective is for. All are fast. */
function requestSeries(slo: Slo, options: GeneratorOptions, status: string, values: string): object[] {
  const { service, environment = '', prefix = '' } = options;
  const [method = '', template = ''] = sampleRoute(slo).split(' ');
  const labels = [
    `service_name=${quoted(service)}`,
    `deployment_environment_name=${quoted(environment)}`,
    `http_request_method=${quoted(method)}`,
    `http_route=${quoted(template)}`,
    `http_response_status_code=${quoted(status)}`,
  ].join(',');
  const bounds = new Set(options.slos.map(boundOf).filter((bound) => bound !== undefined));
  return [
    { series: `${prefix}${requestDurationMetric}_count{${labels}}`, values },
    ...[...bounds].map((bound) => ({
      series: `${prefix}${requestDurationMetric}_bucket{le="${bound}",${labels}}`,
      values,
    })),
  ];
}

/** Of this objective, and of all others that are for the same route. */
function outageAlerts(slo: Slo, options: GeneratorOptions): object[] {
  const route = sampleRoute(slo);
  return options.slos
    .filter((other) => matchesRoute(other, route))
    .flatMap((other) =>
      burnRules.map(({ severity, long, short }) => ({
        exp_labels: {
          ...objectiveLabels(other, options),
          severity,
          long_window: long,
          short_window: short,
        },
        exp_annotations: { ...burnAnnotations(other, long), ...runbookAnnotation('SloBudgetBurn', options) },
      })),
    );
}

function sampleRoute({ route }: Slo): string {
  const [method = '', template = ''] = route === '*' ? ['GET', '/*'] : route.split(' ');
  return `${method} ${template === '*' ? '/any' : template.replace(/\*$/, 'any')}`;
}

function newErrorTest(options: GeneratorOptions): object {
  const series = (type: string): string =>
    `${options.prefix ?? ''}${errorsMetric}{${serviceLabels(options)},kind="request",type=${quoted(type)}}`;
  return {
    name: 'an error of a new type alerts, and is known after a while',
    interval: '1m',
    input_series: [
      { series: series('KnownError'), values: '1+1x120' },
      { series: series('NewError'), values: '_x59 1x60' },
    ],
    alert_rule_test: [
      { eval_time: '50m', alertname: 'ApmNewErrorType', exp_alerts: [] },
      {
        eval_time: '65m',
        alertname: 'ApmNewErrorType',
        exp_alerts: [
          {
            exp_labels: {
              ...alertLabels(options),
              severity: 'ticket',
              kind: 'request',
              type: 'NewError',
            },
            exp_annotations: {
              summary: 'An error of a type that was not seen for a week: NewError',
              ...runbookAnnotation('ApmNewErrorType', options),
            },
          },
        ],
      },
      { eval_time: '110m', alertname: 'ApmNewErrorType', exp_alerts: [] },
    ],
  };
}

/** Some at once in a column of which nothing was known, and later in one of which something was. */
function tamperingTest(options: GeneratorOptions): object {
  const series = (table: string, code: string): string =>
    `${options.prefix ?? ''}${cryptoFailuresMetric}{${serviceLabels(options)},vault="vault",operation="decrypt",table=${quoted(table)},column="email",code=${quoted(code)}}`;
  const alert = (at: string, table?: string): object => ({
    eval_time: at,
    alertname: 'CryptoTampering',
    exp_alerts:
      table === undefined
        ? []
        : [
            {
              exp_labels: { ...alertLabels(options), severity: 'page', table, column: 'email' },
              exp_annotations: {
                summary: `Values of ${table}.email are not what was encrypted there: altered, misplaced or replaced`,
                ...runbookAnnotation('CryptoTampering', options),
              },
            },
          ],
  });
  return {
    name: 'a burst of values that are not what was encrypted alerts, and refusals do not',
    interval: '1m',
    input_series: [
      { series: series('contacts', 'UNITE_CRYPTO_AUTHENTICATION_FAILED'), values: '_x59 12x60' },
      { series: series('accounts', 'UNITE_CRYPTO_TENANT_MISMATCH'), values: '5x89 30x30' },
      { series: series('invoices', 'UNITE_CRYPTO_DECRYPT_DENIED'), values: '0+100x120' },
    ],
    alert_rule_test: [alert('50m'), alert('65m', 'contacts'), alert('95m', 'accounts'), alert('110m')],
  };
}

function serviceLabels({ service, environment = '' }: GeneratorOptions): string {
  return `service_name=${quoted(service)},deployment_environment_name=${quoted(environment)}`;
}

function alertLabels({ service, environment }: GeneratorOptions): object {
  return {
    service_name: service,
    ...(environment !== undefined && { deployment_environment_name: environment }),
  };
}
