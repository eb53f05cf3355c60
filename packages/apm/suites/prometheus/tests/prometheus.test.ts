import { expect, it } from '@jest/globals';
import { prometheusRules, slo } from '../../../src/slo';
import { burnAndRecover } from '../harness/burn-and-recover';
import { checkRules } from '../harness/check-rules';
import { quantilesOf } from '../harness/quantiles';
import { receiveAlerts } from '../harness/receive-alerts';
import { startMonitoring } from '../harness/start-monitoring';
import { startServer } from '../harness/start-server';

const slos = [
  slo('order-latency', { route: 'GET /api/orders/*', target: 0.99, underMs: 200 }),
  slo('one-second', { route: 'GET *', target: 0.95, underMs: 1_000, windowDays: 7 }),
  slo('errors', { target: 0.999 }),
  slo('half', { target: 0.5 }),
];

it('estimates quantiles of 20,000 requests within their buckets, and pages and resolves', async () => {
  await using server = await startServer(slos);
  await using webhook = await receiveAlerts();
  const rules = prometheusRules({ slos, service: 'shop', windowScale: 1 / 60 });
  await using monitoring = await startMonitoring(server, rules, webhook.url);
  let state = 1;
  for (const _ of Array.from({ length: 20_000 })) {
    state = (state * 48_271) % 2_147_483_647;
    // Heavy-tailed, as answers of servers are: median 20 ms, p99 about 400.
    const durationMs =
      20.3 * Math.exp((1.3 * Math.sqrt(3) * Math.log(state / (2_147_483_647 - state))) / Math.PI);
    await server.request({ durationMs });
  }
  const quantiles = await quantilesOf(monitoring.prometheus, server, slos);
  for (const { quantile, scrapedMs, truthMs, bucketMs } of quantiles) {
    process.stdout.write(
      `p${quantile * 100}: ${scrapedMs.toFixed(1)} ms estimated, ${truthMs.toFixed(1)} ms in truth, bucket ${bucketMs.join('…')} ms\n`,
    );
    expect(scrapedMs).toBeGreaterThan(bucketMs[0]);
    expect(scrapedMs).toBeLessThanOrEqual(bucketMs[1]);
  }
  const { firing, firedAfterMs, resolvedAfterMs } = await burnAndRecover(server, webhook.alerts);
  process.stdout.write(
    `${firing.labels.slo}: page after ${firedAfterMs} ms, resolved ${resolvedAfterMs} ms later (an hour is a minute)\n`,
  );
});

it('writes rules that promtool takes and whose tests pass, for objectives of all kinds', async () => {
  for (const options of [
    { slos, service: 'shop' },
    {
      slos: [...slos, slo('braces', { route: 'GET /{{x}}', target: 0.9 })],
      service: 'the {{{ "shop"',
      environment: 'prod\\eu',
      prefix: 'crm_',
    },
  ]) {
    const { check, tests } = await checkRules(options);
    expect(check).toMatch(/SUCCESS: \d+ rules found/);
    expect(tests).toMatch(/SUCCESS/);
  }
});
