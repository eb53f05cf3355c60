import { checkOptions, optionChecks } from '@unite/shared';
import { prefixCheck } from '../prometheus/names';
import type { GeneratorOptions } from './generator-options';
import { operationsAlerts } from './operations-alerts';
import { serviceMatchers } from './prom-ql';
import { literals, serviceLabels } from './prometheus-rules';
import { runbookAnnotation } from './runbook-links';
import { yamlText } from './yaml-text';

/** Options of `prometheusOperationsRules`. */
export type OperationsRulesOptions = Omit<GeneratorOptions, 'slos'>;

/**
 * Writes a file of rules for Prometheus: alerts for what only an operator can put right, by the metrics that packages of
 * the family publish through `startApm` and `processMetrics`: instances that are gone or restart, event loops that are
 * late, requests that are shed, releases that were rolled back, database nodes that are down, behind or fenced, caches
 * and quotas that go without their store, keys that cannot be had. A package that is not used publishes nothing, and its
 * alerts stay silent.
 *
 * Alerts have the label `severity`: `page` or `ticket`.
 *
 * @returns YAML
 * @throws TypeError for an option that cannot be
 * @example
 * await writeFile('rules/crm-operations.yml', prometheusOperationsRules({ service: 'crm' }));
 */
export function prometheusOperationsRules(options: OperationsRulesOptions): string {
  checkOperationsOptions('prometheusOperationsRules', options);
  const { prefix = '', service, environment } = options;
  const labels = literals(serviceLabels(service, environment));
  const of = (metric: string, ...matchers: readonly string[]): string =>
    `${prefix}${metric}{${[...serviceMatchers({ ...options, slos: [] }), ...matchers].join(',')}}`;
  const rules = Object.entries(operationsAlerts).map(([alert, { severity, for: held, summary, expr }]) => ({
    alert,
    expr: expr({ of }),
    for: held,
    labels: { ...labels, severity },
    annotations: { summary, ...literals(runbookAnnotation(alert, options)) },
  }));
  return yamlText({ groups: [{ name: `${service}-operations`, rules }] });
}

/** @throws TypeError for an option that cannot be */
export function checkOperationsOptions(owner: string, options: OperationsRulesOptions): void {
  checkOptions(
    owner,
    options,
    {
      service: optionChecks.string,
      environment: optionChecks.string,
      prefix: prefixCheck,
      runbookUrl: optionChecks.function,
    },
    ['service'],
  );
}
