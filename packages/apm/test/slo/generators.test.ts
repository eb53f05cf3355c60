import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { startApm } from '../../src';
import { prometheus } from '../../src/prometheus';
import {
  datadogDashboard,
  datadogMonitors,
  grafanaDashboard,
  type PrometheusRule,
  prometheusRules,
  prometheusRuleTests,
  slo,
} from '../../src/slo';
import { scaledWindow } from '../../src/slo/scaled-window';
import { yamlText } from '../../src/slo/yaml-text';

const slos = [
  slo('latency', { route: 'GET /api/contacts/[id]', target: 0.99, underMs: 200 }),
  slo('second', { route: 'POST /api/*', target: 0.9, underMs: 1_000, windowDays: 7 }),
  slo('any-get', { route: 'GET *', target: 0.999, windowDays: 90 }),
  slo('errors', { target: 0.999 }),
];
const options = { slos, service: 'crm', environment: 'production' };
const metrics = [
  { name: 'contacts_created', kind: 'counter', help: 'Contacts', labels: ['plan'] },
  { name: 'queue_depth', kind: 'gauge', help: 'Jobs that wait', labels: [] },
  { name: 'import_duration_seconds', kind: 'histogram', help: 'Imports', labels: ['source'] },
] as const;

describe('prometheusRules', () => {
  it('asks for the requests of the objective, by route, method, status and bound', () => {
    const { record } = rulesOf(prometheusRules(options));
    const scope =
      'service_name="crm",deployment_environment_name="production",http_response_status_code!="499"';
    const exact = `${scope},http_request_method="GET",http_route="/api/contacts/[id]"`;
    expect(record('latency', 'slo:requests:rate5m')).toBe(
      `sum(rate(http_server_request_duration_seconds_count{${exact}}[5m]))`,
    );
    expect(record('latency', 'slo:bad_ratio:rate1h')).toContain(
      `{${exact},http_response_status_code!~"5..",le="0.2"}[1h])`,
    );
    // Prometheus 3 writes whole numbers with a fraction, Prometheus 2 as they were scraped.
    expect(record('second', 'slo:bad:rate5m')).toContain('http_route=~"/api/.*"');
    expect(record('second', 'slo:bad:rate5m')).toContain('le=~"1(\\\\.0)?"');
    expect(record('any-get', 'slo:bad:rate5m')).toContain(
      `{${scope},http_request_method="GET",http_response_status_code=~"5.."}`,
    );
    expect(record('errors', 'slo:error_budget:remaining_ratio')).toContain('[30d]');
    expect(record('errors', 'slo:error_budget:remaining_ratio')).toMatch(/ \/ 0\.001$/);
  });

  it('alerts by two windows each, at thresholds that an outage reaches', () => {
    const { alerts } = rulesOf(prometheusRules(options));
    const thresholds = (name: string): (string | undefined)[] =>
      alerts('SloBudgetBurn', name).map(({ expr }) => />\s([\d.]+)/.exec(expr)?.[1]);
    expect(thresholds('errors')).toEqual(['0.0144', '0.006', '0.003', '0.001']);
    expect(thresholds('second')).toEqual(['0.9', '0.6', '0.3', '0.1']);
    expect(alerts('SloBudgetBurn', 'errors').map(({ labels }) => labels?.severity)).toEqual([
      'page',
      'page',
      'ticket',
      'ticket',
    ]);
  });

  it('escapes what is special in a route, a service and a prefix', () => {
    const special = slo('special', { route: 'GET /a.b(c)/$x"*', target: 0.9 });
    const text = prometheusRules({ slos: [special], service: 'a "b"\\', prefix: 'my_' });
    const { record } = rulesOf(text);
    expect(record('special', 'slo:requests:rate5m')).toBe(
      'sum(rate(my_http_server_request_duration_seconds_count{service_name="a \\"b\\"\\\\",http_response_status_code!="499",http_request_method="GET",http_route=~"/a\\\\.b\\\\(c\\\\)/\\\\$x\\".*"}[5m]))',
    );
  });

  it('pages only where the long window has enough requests, or enough bad ones', () => {
    const { alerts, record } = rulesOf(prometheusRules(options));
    const [page, , ticket] = alerts('SloBudgetBurn', 'errors').map(({ expr }) => expr);
    const own = '{slo="errors",service_name="crm",deployment_environment_name="production"}';
    expect(page).toContain(
      ` and (slo:requests:increase1h${own} >= 100 or slo:bad_ratio:rate1h${own} * slo:requests:increase1h${own} >= 10)`,
    );
    expect(ticket).not.toContain('increase');
    expect(record('errors', 'slo:requests:increase1h')).toMatch(/\[1h\]\)\) \* 3600$/);
    const scaled = rulesOf(prometheusRules({ ...options, windowScale: 1 / 60 }));
    expect(scaled.record('errors', 'slo:requests:increase6h')).toMatch(/\[360000ms\]\)\) \* 360$/);
  });

  it('escapes what begins a template in the texts of alerts, and only there', () => {
    const special = slo('special', { route: 'GET /{{{a}}*', target: 0.9 });
    const { alerts, record } = rulesOf(prometheusRules({ slos: [special], service: 'a {{ b' }));
    for (const { annotations, labels, expr } of alerts('SloBudgetBurn', 'special')) {
      expect(annotations?.description).toContain('of GET /{{ "{{" }}{a}}* were');
      expect(labels?.service_name).toBe('a {{ "{{" }} b');
      expect(expr).toContain('service_name="a {{ b"');
    }
    expect(record('special', 'slo:requests:rate5m')).toContain('service_name="a {{ b"');
  });

  it('pages for a burst of values that are not what was encrypted, where nothing was counted before too', () => {
    const { alerts } = rulesOf(prometheusRules({ ...options, prefix: 'my_' }));
    const [{ expr, labels } = { expr: '', labels: {} }] = alerts('CryptoTampering', undefined);
    expect(labels?.severity).toBe('page');
    const scope = 'service_name="crm",deployment_environment_name="production"';
    expect(expr).toMatch(`my_crypto_failures_total{${scope},code=~"UNITE_CRYPTO_AUTHENTICATION_FAILED|`);
    expect(expr.match(/>= 10/g)).toHaveLength(2);
    expect(expr).not.toContain('DENIED');
  });

  it('shortens windows for a test', () => {
    const text = prometheusRules({ ...options, windowScale: 1 / 60 });
    expect(text).toContain('[5000ms]');
    expect(text).not.toMatch(/\[\d+[mhd]\]/);
    expect(scaledWindow('3d', 1)).toBe('3d');
  });

  it.each([
    [() => prometheusRules({ slos } as never), /prometheusRules: option "service"/],
    [() => prometheusRules({ ...options, windowScale: 0 }), /"windowScale" must be a number from 1 \/ 300/],
    [() => prometheusRules({ ...options, windowScale: 0.003 }), /"windowScale".*got 0.003/],
    [() => prometheusRules({ ...options, prefix: 'crm.' }), /"prefix" must be letters, digits and "_",/],
    [() => prometheusRuleTests({ ...options, prefix: 'a.', rulesFile: 'r' }), /"prefix"/],
    [() => grafanaDashboard({ ...options, prefix: 'a.' }), /"prefix"/],
    [() => prometheusRules({ ...options, slos: [slos[0], 5] } as never), /slos\[1\] must be .* got 5/],
    [() => prometheusRules({ ...options, slos: [{ name: 'x', target: 2 }] } as never), /slos\[0\] must/],
    [() => prometheusRules({ ...options, prefix: 'a b' }), /"prefix"/],
    [() => prometheusRules({ ...options, slos: 5 } as never), /"slos" must be a list/],
    [
      () => prometheusRules({ ...options, slos: [...slos, slos[0]] } as never),
      /two objectives are called "latency"/,
    ],
    [() => prometheusRuleTests({ ...options, rulesFile: '' }), /"rulesFile"/],
    [() => grafanaDashboard({ ...options, metrics: 5 } as never), /"metrics" must be a list of metrics/],
    [() => datadogDashboard({ ...options, metrics: 5 } as never), /"metrics"/],
    [() => datadogMonitors({ ...options, environment: '' }), /"environment"/],
  ])('refuses what cannot be: %s', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('prometheusRuleTests', () => {
  it('expects the alerts of each objective that is for the same route', () => {
    const { tests } = parse(prometheusRuleTests({ ...options, rulesFile: 'rules.yml' }));
    expect(tests).toHaveLength(10);
    const outage = tests.find(({ name }: { name: string }) => name.startsWith('latency: half'));
    const names = outage.alert_rule_test[0].exp_alerts.map(
      ({ exp_labels }: { exp_labels: { slo: string } }) => exp_labels.slo,
    );
    expect([...new Set(names)]).toEqual(['latency', 'any-get', 'errors']);
  });
});

describe('yamlText', () => {
  it('is read back as it was', () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme' }),
        fc.integer(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          tie('value'),
          { maxKeys: 4 },
        ),
      ),
    })).value;
    fc.assert(
      fc.property(value, (some) => {
        expect(parse(yamlText(some as never))).toEqual(some);
      }),
    );
    expect(yamlText({ a: undefined, b: 1 })).toBe('b: 1\n');
  });
});

describe('grafanaDashboard', () => {
  it('asks in each panel for metrics that a scrape has, or that the rules record', async () => {
    const declared = await declaredMetrics('crm_');
    const recorded = new Set(
      [...prometheusRules(options).matchAll(/record: "([^"]+)"/g)].map(([, name]) => name),
    );
    const dashboard = grafanaDashboard({ ...options, prefix: 'crm_', metrics });
    const targets = dashboard.panels.flatMap((panel) => panel.targets);
    expect(targets.length).toBeGreaterThan(dashboard.panels.length);
    for (const { expr, metrics: names } of targets) {
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        expect(expr).toContain(name);
        expect((name.startsWith('slo:') ? recorded : declared).has(name)).toBe(true);
      }
    }
    expect(dashboard.panels.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Requests', 'Duration', 'contacts_created', 'import_duration_seconds (p95)']),
    );
    expect(JSON.parse(JSON.stringify(dashboard))).toEqual(dashboard);
    expect(grafanaDashboard({ slos, service: 'My shop!' })).toMatchObject({
      title: 'My shop!',
      uid: 'unite-my-shop-',
    });
  });
});

describe('datadog', () => {
  it('makes objectives with burn-rate monitors, of metrics and tags as the sink sends them', () => {
    const { objectives, monitors } = datadogMonitors({ ...options, service: 'My shop', prefix: 'crm' });
    const scope = 'service:my_shop AND env:production';
    const [latency, second, get, errors] = objectives;
    expect(latency?.objective).toMatchObject({
      type: 'metric',
      thresholds: [{ timeframe: '30d', target: 99 }],
      query: {
        numerator: `count(v: v<=0.2):crm.http_server_request_duration_seconds{${scope} AND http_request_method:get AND http_route:/api/contacts/_id_ AND NOT http_response_status_code:499 AND NOT http_response_status_code:5*}.as_count()`,
        denominator: `count:crm.http_server_request_duration_seconds{${scope} AND http_request_method:get AND http_route:/api/contacts/_id_ AND NOT http_response_status_code:499}.as_count()`,
      },
    });
    expect(latency?.monitors.map(({ query }) => query)).toEqual([
      'burn_rate("SLO_ID").over("30d").long_window("1h").short_window("5m") > 14.4',
      'burn_rate("SLO_ID").over("30d").long_window("6h").short_window("30m") > 6',
      'burn_rate("SLO_ID").over("30d").long_window("24h").short_window("2h") > 3',
    ]);
    expect(second?.objective).toMatchObject({ thresholds: [{ timeframe: '7d' }] });
    expect(JSON.stringify(second?.objective)).toContain('http_route:/api/*');
    expect(get?.objective).toMatchObject({ thresholds: [{ timeframe: '90d', target: 99.9 }] });
    expect(JSON.stringify(errors?.objective)).not.toContain('http_route');
    expect(monitors.map(({ query }) => query)).toEqual([
      expect.stringContaining('crm.apm_sink_dropped_total{'),
      expect.stringContaining('crm.apm_budget_used_ratio{'),
      expect.stringContaining('crm.apm_errors_total{'),
      `sum(last_10m):sum:crm.crypto_failures_total{${scope} AND (code:unite_crypto_authentication_failed OR code:unite_crypto_commitment_mismatch OR code:unite_crypto_format_invalid OR code:unite_crypto_tenant_mismatch)} by {table,column}.as_count() >= 10`,
    ]);
    expect(monitors.at(-1)?.tags).toEqual(['service:My shop', 'env:production', 'severity:page']);
    expect(datadogMonitors({ slos: [], service: 'x' }).monitors[0]?.tags).toEqual([
      'service:x',
      'severity:ticket',
    ]);
  });

  it('asks in each widget for metrics that are recorded', async () => {
    const declared = await declaredMetrics();
    const { widgets, title } = datadogDashboard({ ...options, metrics });
    expect(title).toBe('crm (production)');
    expect(datadogDashboard({ slos, service: 'x' }).title).toBe('x');
    const queries = widgets.flatMap(({ definition }) =>
      definition.requests.flatMap((request) => request.queries),
    );
    expect(queries.length).toBeGreaterThan(widgets.length);
    for (const { query } of queries) {
      const name = /^[^{]*:([a-z_]+)\{/.exec(query)?.[1] ?? '';
      expect(declared.has(name) || declared.has(`${name}_total`)).toBe(true);
    }
  });
});

/** Names of all metrics in a scrape of a set-up that did some of everything. */
async function declaredMetrics(prefix?: string): Promise<Set<string | undefined>> {
  const sink = prometheus({ prefix });
  const failing = {
    name: 'failing',
    stats: () => ({ accepted: 2, sent: 1, queued: 0, dropped: { refused: 1 } }),
    flush: async () => {},
    close: async () => {},
  };
  const apm = startApm({
    service: { name: 'crm' },
    sinks: [sink, failing],
    slos,
    metrics: Object.fromEntries(metrics.map((metric) => [metric.name, metric])),
    budget: { errorsPerDay: 100 },
    crash: false,
    channels: false,
  });
  const observation = apm.observe({ method: 'GET', route: '/api/contacts/[id]' });
  observation.failed(new Error('x'));
  observation.end({ status: 500 });
  apm.count('contacts_created', 1, { plan: 'pro' });
  apm.gauge('queue_depth', 3);
  apm.record('import_duration_seconds', 2, { source: 'csv' });
  await apm.flush();
  await apm.close();
  const text = await (await sink.metrics()).text();
  return new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
}

function rulesOf(text: string) {
  const { groups } = parse(text) as { groups: { rules: PrometheusRule[] }[] };
  const rules = groups.flatMap((group) => group.rules);
  return {
    record: (name: string, record: string) =>
      rules.find((rule) => rule.record === record && rule.labels?.slo === name)?.expr,
    alerts: (alert: string, name: string | undefined) =>
      rules.filter((rule) => rule.alert === alert && rule.labels?.slo === name),
  };
}
