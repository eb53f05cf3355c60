import { describe, expect, it } from '@jest/globals';
import { grafanaDashboard, prometheusRules, slo } from '../../src/slo';
import { burnAndRecover } from '../../suites/prometheus/harness/burn-and-recover';
import { checkRules } from '../../suites/prometheus/harness/check-rules';
import { eventually } from '../../suites/prometheus/harness/eventually';
import { isPossible } from '../../suites/prometheus/harness/programs';
import { quantilesOf } from '../../suites/prometheus/harness/quantiles';
import { exemplarTraces, query } from '../../suites/prometheus/harness/query';
import { receiveAlerts } from '../../suites/prometheus/harness/receive-alerts';
import { startMonitoring } from '../../suites/prometheus/harness/start-monitoring';
import { startServer } from '../../suites/prometheus/harness/start-server';

const title = 'with a real Prometheus and Alertmanager';
const describeWhere = isPossible ? describe : describe.skip;
const slos = [
  slo('order-latency', { route: 'GET /api/orders/*', target: 0.99, underMs: 200 }),
  slo('errors', { target: 0.999 }),
];
const orders = { name: 'orders_total', kind: 'counter', help: 'Orders', labels: ['country'] } as const;

describeWhere(isPossible ? title : `${title} (needs apt-get, or prometheus on PATH)`, () => {
  it('is scraped whole, gives its quantiles, and alerts and resolves what burns', async () => {
    await using server = await startServer(slos);
    await using webhook = await receiveAlerts();
    // An hour is 36 seconds.
    const rules = prometheusRules({ slos, service: 'shop', environment: 'test', windowScale: 0.01 });
    await using monitoring = await startMonitoring(server, rules, webhook.url);
    const { prometheus } = monitoring;

    const traceId = 'c0'.repeat(16);
    for (const index of Array.from({ length: 400 }, (_, at) => at)) {
      // From 2 ms to 900, most of them fast, and never on a bound.
      const durationMs = 2.3 + 900 * ((index % 100) / 100) ** 4;
      await server.request({ durationMs, traceId });
    }
    const quantiles = await quantilesOf(prometheus, server, slos);
    expect(quantiles).toHaveLength(3);
    for (const { scrapedMs, bucketMs } of quantiles) {
      expect(scrapedMs).toBeGreaterThan(bucketMs[0]);
      expect(scrapedMs).toBeLessThanOrEqual(bucketMs[1]);
    }
    expect(await exemplarTraces(prometheus, 'http_server_request_duration_seconds_bucket')).toContain(
      traceId,
    );
    expect(
      await query(prometheus, 'sum by (country, service_version, deployment_id) (orders_total)'),
    ).toEqual([{ labels: { country: 'DE', service_version: 'v1', deployment_id: 'blue' }, value: 400 }]);

    const { panels } = grafanaDashboard({ slos, service: 'shop', environment: 'test', metrics: [orders] });
    for (const { expr } of panels.flatMap(({ targets }) => targets)) {
      // Rejects what is no PromQL.
      await query(prometheus, expr.replaceAll('$__rate_interval', '5s'));
    }

    const { firing } = await burnAndRecover(server, webhook.alerts);
    expect(firing.labels).toMatchObject({
      alertname: 'SloBudgetBurn',
      severity: 'page',
      service_name: 'shop',
      deployment_environment_name: 'test',
    });
    expect(firing.annotations.summary).toMatch(/^The error budget of (errors|order-latency) burns too fast$/);
    await eventually('alert for the new type of error', () =>
      webhook.alerts.find(
        ({ labels }) => labels.alertname === 'ApmNewErrorType' && labels.type === 'RangeError',
      ),
    );
  });

  it('takes the rules, which pass their tests, and fail them where they are wrong', async () => {
    const braces = slo('braces', { route: 'GET /{{x}}', target: 0.9 });
    const objectives = { slos: [...slos, braces], service: 'the {{{ shop' };
    const { check, tests } = await checkRules(objectives);
    expect(check).toMatch(/SUCCESS: \d+ rules found/);
    expect(tests).toMatch(/SUCCESS/);
    const wrong = await checkRules(objectives, (rules) => rules.replaceAll('5..', '4..'));
    expect(wrong.tests).toMatch(/FAILED/);
  });
});
