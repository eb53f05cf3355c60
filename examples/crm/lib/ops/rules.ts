import {
  datadogDashboard,
  datadogMonitors,
  grafanaDashboard,
  prometheusOperationsRules,
  prometheusOperationsTests,
  prometheusRules,
  prometheusRuleTests,
} from '@unite/apm/slo';
import type { RulesOptions } from '@unite/ops/config';
import { businessMetrics } from '../business-metrics';
import { slos } from '../slos';

/** Where docs/operations/runbooks is published: whoever is woken follows it from the alert. */
const runbooks = 'https://docs.example.com/operations/runbooks/';

// Of production, wherever they are generated.
const service = {
  service: 'crm',
  environment: 'production',
  runbookUrl: (alert: string) => `${runbooks}${alert}.md`,
};
const objectives = { ...service, slos };
const dashboard = {
  ...objectives,
  metrics: Object.entries(businessMetrics).map(([name, metric]) => ({ name, ...metric })),
};

/** What watches the application from outside, generated of what it promises and counts. */
export const rules: RulesOptions = {
  out: '../../docs/operations/generated',
  runbooks: '../../docs/operations/runbooks',
  files: {
    'prometheus/crm-objectives.rules.yml': () => prometheusRules(objectives),
    'prometheus/crm-objectives.tests.yml': () =>
      prometheusRuleTests({ ...objectives, rulesFile: 'crm-objectives.rules.yml' }),
    'prometheus/crm-operations.rules.yml': () => prometheusOperationsRules(service),
    'prometheus/crm-operations.tests.yml': () =>
      prometheusOperationsTests({ ...service, rulesFile: 'crm-operations.rules.yml' }),
    'grafana/crm.json': () => grafanaDashboard(dashboard),
    'datadog/crm-monitors.json': () => datadogMonitors(objectives),
    'datadog/crm-dashboard.json': () => datadogDashboard(dashboard),
  },
};
