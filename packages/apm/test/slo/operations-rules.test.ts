import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { cacheMetrics } from '../../src/channels/cache-metrics';
import { cryptoMetrics } from '../../src/channels/crypto-metrics';
import { dbHaMetrics } from '../../src/channels/db-ha-metrics';
import { opsMetrics } from '../../src/channels/ops-metrics';
import { quotaMetrics } from '../../src/channels/quota-metrics';
import { recordPools } from '../../src/process/pools';
import { startResources } from '../../src/process/resources';
import {
  datadogMonitors,
  grafanaDashboard,
  type PrometheusRule,
  prometheusOperationsRules,
  prometheusOperationsTests,
  prometheusRules,
  prometheusRuleTests,
  slo,
} from '../../src/slo';

const runbookUrl = (alert: string): string => `https://docs.example.com/{{/${alert}`;
const options = { service: 'crm', environment: 'production', runbookUrl };

describe('prometheusOperationsRules', () => {
  it('asks for metrics and labels that packages publish, and for no others', () => {
    const published = publishedMetrics();
    for (const { alert, expr } of alertsOf(prometheusOperationsRules(options))) {
      const selectors = [...expr.matchAll(/([a-z_\d]+)\{([^}]*)\}/g)];
      expect({ alert, selectors: selectors.length }).not.toEqual({ alert, selectors: 0 });
      for (const [, name = '', matchers = ''] of selectors) {
        const metric = name.replace(/_count$/, '');
        expect([...published.keys()]).toContain(metric);
        const labels = [...matchers.matchAll(/(\w+)(?:=|!=|=~|!~)"/g)].map(([, label]) => label);
        expect(labels.slice(0, 2)).toEqual(['service_name', 'deployment_environment_name']);
        expect(published.get(metric)).toEqual(expect.arrayContaining(labels.slice(2)));
      }
    }
  });

  it('names severity and runbook of each alert', () => {
    const alerts = alertsOf(prometheusOperationsRules(options));
    expect(alerts.length).toBeGreaterThan(15);
    for (const { alert, labels, annotations } of alerts) {
      expect(['page', 'ticket']).toContain(labels?.severity);
      // It is a template there.
      expect(annotations?.runbook_url).toBe(`https://docs.example.com/{{ "{{" }}/${alert}`);
    }
    const bare = prometheusOperationsRules({ service: 'crm', prefix: 'my_' });
    expect(bare).not.toContain('runbook_url');
    expect(bare).toContain('absent(my_process_uptime_seconds{service_name=\\"crm\\"})');
  });

  it('has a test for each alert', () => {
    const { tests } = parse(prometheusOperationsTests({ ...options, rulesFile: 'rules.yml' })) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
    };
    const expectations = tests.flatMap(({ alert_rule_test }) => alert_rule_test);
    for (const { alert } of alertsOf(prometheusOperationsRules(options))) {
      const counts = expectations
        .filter(({ alertname }) => alertname === alert)
        .map(({ exp_alerts }) => exp_alerts.length);
      expect({ alert, counts: counts.sort() }).toMatchObject({ counts: expect.arrayContaining([0, 0, 1]) });
    }
    expect(prometheusOperationsTests({ service: 'crm', prefix: 'my_', rulesFile: 'rules.yml' })).toContain(
      'my_ops_shed_total{service_name=\\"crm\\",deployment_environment_name=\\"\\"',
    );
  });

  it.each([
    [() => prometheusOperationsRules({} as never), /prometheusOperationsRules: option "service"/],
    [() => prometheusOperationsRules({ ...options, prefix: 'a.' }), /"prefix"/],
    [() => prometheusOperationsRules({ ...options, slos: [] } as never), /unknown option "slos"/],
    [
      () => prometheusOperationsTests({ ...options, rulesFile: '' }),
      /"rulesFile" must be a non-empty string/,
    ],
    [
      () => prometheusOperationsRules({ ...options, runbookUrl: 'https://a.example' } as never),
      /"runbookUrl" must be a function/,
    ],
    [
      () => prometheusOperationsRules({ ...options, runbookUrl: (alert) => `/runbooks/${alert}` }),
      /absolute address of http or https for ServiceSilent, got "\/runbooks\/ServiceSilent"/,
    ],
    [() => prometheusOperationsRules({ ...options, runbookUrl: () => undefined } as never), /got undefined/],
  ])('refuses what cannot be: %s', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('runbookUrl', () => {
  const objectives = { ...options, slos: [slo('errors', { target: 0.999 })] };

  it('stands in every alert of objectives, and in what their tests expect', () => {
    const alerts = alertsOf(prometheusRules(objectives));
    expect(new Set(alerts.map(({ annotations }) => annotations?.runbook_url))).toEqual(
      new Set(alerts.map(({ alert }) => `https://docs.example.com/{{ "{{" }}/${alert}`)),
    );
    const tests = prometheusRuleTests({ ...objectives, rulesFile: 'rules.yml' });
    for (const alert of ['SloBudgetBurn', 'ApmNewErrorType', 'CryptoTampering']) {
      expect(tests).toContain(`runbook_url: "https://docs.example.com/{{/${alert}"`);
    }
  });

  it('stands in the messages of monitors, and in the links of the dashboard', () => {
    const { objectives: made, monitors } = datadogMonitors(objectives);
    const messages = [...made.flatMap((one) => one.monitors), ...monitors].map(({ message }) => message);
    for (const message of messages)
      expect(message).toMatch(/\n\nRunbook: https:\/\/docs\.example\.com\/\S+$/);
    expect(grafanaDashboard(objectives).links).toContainEqual({
      title: 'Runbook: SloBudgetBurn',
      type: 'link',
      url: runbookUrl('SloBudgetBurn'),
      targetBlank: true,
    });
  });

  it('is left out where there are no runbooks', () => {
    const { runbookUrl: _, ...without } = objectives;
    expect(prometheusRules(without)).not.toContain('runbook');
    expect(JSON.stringify(datadogMonitors(without))).not.toContain('unbook');
    expect(grafanaDashboard(without).links).toEqual([]);
  });
});

function alertsOf(text: string): (PrometheusRule & { readonly alert: string })[] {
  const { groups } = parse(text) as { groups: { rules: PrometheusRule[] }[] };
  return groups
    .flatMap(({ rules }) => rules)
    .filter((rule): rule is PrometheusRule & { readonly alert: string } => rule.alert !== undefined);
}

/** Labels by metric. */
function publishedMetrics(): ReadonlyMap<string, readonly string[]> {
  const channels = [cacheMetrics, cryptoMetrics, dbHaMetrics, opsMetrics, quotaMetrics];
  const published = new Map<string, readonly string[]>([
    ['http_server_request_duration_seconds', []],
    // Once the event loop has been measured; test/process reads it.
    ['nodejs_eventloop_lag_p99_seconds', []],
  ]);
  for (const { metrics } of channels) {
    for (const [name, { labels = [] }] of Object.entries(metrics)) published.set(name, labels);
  }
  const note = (name: string, _value: unknown, labels: object = {}): void =>
    void published.set(name, Object.keys(labels));
  const recorder = { count: note, gauge: note, record: note };
  startResources(recorder).look();
  const pool = { purpose: 'write', max: 1, total: 1, idle: 1, waiting: 0 };
  recordPools(recorder, [
    { name: 'main', status: () => ({ nodes: [{ name: 'a', pools: [pool] }] }) } as never,
  ]);
  return published;
}
