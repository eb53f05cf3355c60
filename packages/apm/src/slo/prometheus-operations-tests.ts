import { checkOptions, optionChecks } from '@unite/shared';
import { type OperationsAlertName, operationsAlerts } from './operations-alerts';
import { operationsTrials, type TrialSeries } from './operations-trials';
import { quoted } from './prom-ql';
import { checkOperationsOptions, type OperationsRulesOptions } from './prometheus-operations-rules';
import { serviceLabels } from './prometheus-rules';
import { runbookAnnotation } from './runbook-links';
import { yamlText } from './yaml-text';

/** Options of `prometheusOperationsTests`. */
export interface OperationsTestsOptions extends OperationsRulesOptions {
  /** Path of what `prometheusOperationsRules` wrote, as seen from the file of tests. */
  readonly rulesFile: string;
}

/**
 * Writes tests of those rules for `promtool test rules`: each alert is silent while all is well, comes when it should,
 * and goes when that is over.
 *
 * @returns YAML
 * @throws TypeError for an option that cannot be
 */
export function prometheusOperationsTests({ rulesFile, ...options }: OperationsTestsOptions): string {
  checkOperationsOptions('prometheusOperationsTests', options);
  checkOptions('prometheusOperationsTests', { rulesFile }, { rulesFile: optionChecks.string }, ['rulesFile']);
  const names = Object.keys(operationsAlerts) as OperationsAlertName[];
  const alone = names.filter((name) => operationsTrials[name].isAlone);
  // A test takes as long for one alert as for many.
  const together = names.filter((name) => !alone.includes(name));
  return yamlText({
    rule_files: [rulesFile],
    evaluation_interval: '2m',
    tests: [together, ...alone.map((name) => [name])].map((alerts) => alertsTest(alerts, options)),
  });
}

function alertsTest(alerts: readonly OperationsAlertName[], options: OperationsRulesOptions): object {
  return {
    name: alerts.join(', '),
    interval: '30s',
    input_series: alerts.flatMap((alert) =>
      operationsTrials[alert].series.map((series) => inputSeries(series, options)),
    ),
    alert_rule_test: alerts.flatMap((alert) => expectations(alert, options)),
  };
}

function expectations(alert: OperationsAlertName, options: OperationsRulesOptions): readonly object[] {
  const { labels, silentAt = ['55m', '230m'], firesAt = '140m' } = operationsTrials[alert];
  return [
    ...silentAt.map((at) => ({ eval_time: at, alertname: alert, exp_alerts: [] })),
    { eval_time: firesAt, alertname: alert, exp_alerts: [expected(alert, labels, options)] },
  ];
}

function expected(
  alert: OperationsAlertName,
  labels: Readonly<Record<string, string>>,
  options: OperationsRulesOptions,
): object {
  const { severity, summary } = operationsAlerts[alert];
  const filledIn = summary.replace(/\{\{ \$labels\.(\w+) \}\}/g, (_, name: string) => labels[name] ?? '');
  return {
    exp_labels: { ...serviceLabels(options.service, options.environment), ...labels, severity },
    exp_annotations: { summary: filledIn, ...runbookAnnotation(alert, options) },
  };
}

function inputSeries({ metric, labels, values }: TrialSeries, options: OperationsRulesOptions): object {
  const { service, environment = '', prefix = '' } = options;
  const all = {
    service_name: service,
    deployment_environment_name: environment,
    instance: 'one:9000',
    ...labels,
  };
  const matchers = Object.entries(all).map(([name, value]) => `${name}=${quoted(value)}`);
  return { series: `${prefix}${metric}{${matchers.join(',')}}`, values };
}
