import { prefixCheck } from '../prometheus/names';
import { dashboardPanels, type Panel, type PanelQuery } from './dashboard-panels';
import { checkGeneratorOptions, type DashboardOptions } from './generator-options';
import { runbookOf } from './runbook-links';

/** A dashboard of Grafana, as its import takes it. */
export interface GrafanaDashboard {
  readonly title: string;
  readonly uid: string;
  readonly panels: readonly GrafanaPanel[];
  readonly [setting: string]: unknown;
}

/** One panel of it. */
export interface GrafanaPanel {
  readonly title: string;
  readonly targets: readonly GrafanaTarget[];
  readonly [setting: string]: unknown;
}

/** One query of it. */
export interface GrafanaTarget {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  /** What the query reads. Grafana keeps it and does not mind. */
  readonly metrics: readonly string[];
  readonly [setting: string]: unknown;
}

/**
 * Makes a dashboard for Grafana: rate, errors and duration with exemplars, objectives, telemetry itself, and a panel for
 * each metric of the business. It asks for its Prometheus at the import.
 *
 * @throws TypeError for an option that cannot be
 * @example
 * await writeFile('crm.json', JSON.stringify(grafanaDashboard({ slos, service: 'crm', metrics })));
 */
export function grafanaDashboard(options: DashboardOptions): GrafanaDashboard {
  checkGeneratorOptions('grafanaDashboard', options, {
    prefix: prefixCheck,
    metrics: (value) => listDemand(value),
  });
  const { service, environment } = options;
  return {
    __inputs: [
      {
        name: 'DS_PROMETHEUS',
        label: 'Prometheus',
        type: 'datasource',
        pluginId: 'prometheus',
        pluginName: 'Prometheus',
      },
    ],
    uid: `unite-${service.toLowerCase().replace(/[^a-z0-9-]/g, '-')}`.slice(0, 40),
    title: environment === undefined ? service : `${service} (${environment})`,
    tags: ['unite', service],
    schemaVersion: 38,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    links: linkedAlerts.flatMap((alert) => runbookLink(alert, options)),
    panels: dashboardPanels(options).map(grafanaPanel),
  };
}

/** Alerts of `prometheusRules` whose figures the panels show. */
const linkedAlerts = [
  'SloBudgetBurn',
  'SloBudgetSpent',
  'ApmNewErrorType',
  'ApmTelemetryLost',
  'ApmTelemetryBudget',
];

function runbookLink(alert: string, options: DashboardOptions): readonly object[] {
  const url = runbookOf(alert, options);
  return url === undefined ? [] : [{ title: `Runbook: ${alert}`, type: 'link', url, targetBlank: true }];
}

/** What `metrics` must be, where it is not. */
export function listDemand(value: unknown): string | undefined {
  return Array.isArray(value) ? undefined : 'a list of metrics';
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in at the import
const datasource = { type: 'prometheus', uid: '${DS_PROMETHEUS}' };

/** Two in a row. */
function grafanaPanel({ title, description, unit, queries }: Panel, index: number): GrafanaPanel {
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    description,
    datasource,
    gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 8, w: 12, h: 8 },
    fieldConfig: { defaults: { unit }, overrides: [] },
    targets: queries.map(grafanaTarget),
  };
}

function grafanaTarget({ expr, legend, metrics }: PanelQuery, index: number): GrafanaTarget {
  return {
    refId: String.fromCharCode(65 + index),
    datasource,
    expr,
    legendFormat: legend,
    exemplar: expr.includes('_bucket'),
    metrics,
  };
}
