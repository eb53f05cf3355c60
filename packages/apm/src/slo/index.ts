export { bucketsFor } from './buckets-for';
export {
  type CountsByName,
  compareDeployments,
  type DeploymentComparisonOptions,
} from './compare-deployments';
export { createSloTracker, type SloTracker } from './create-slo-tracker';
export {
  type DatadogDashboard,
  type DatadogQuery,
  type DatadogWidget,
  datadogDashboard,
} from './datadog-dashboard';
export { type DatadogMonitor, type DatadogObjective, datadogMonitors } from './datadog-monitors';
export type { DashboardOptions, GeneratorOptions } from './generator-options';
export {
  type GrafanaDashboard,
  type GrafanaPanel,
  type GrafanaTarget,
  grafanaDashboard,
} from './grafana-dashboard';
export {
  type OperationsRulesOptions,
  prometheusOperationsRules,
} from './prometheus-operations-rules';
export { type OperationsTestsOptions, prometheusOperationsTests } from './prometheus-operations-tests';
export { type PrometheusRuleTestsOptions, prometheusRuleTests } from './prometheus-rule-tests';
export { type PrometheusRule, type PrometheusRulesOptions, prometheusRules } from './prometheus-rules';
export { slo } from './slo';
export { type ScrapeSelection, sloCountsFromScrape } from './slo-counts-from-scrape';
export type * from './slo-types';
