import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import { Counter, Gauge, Registry, Summary } from 'prom-client';
import type { MetricDefinition, MetricKind } from '../../src/metrics/metric-types';
import { prometheus } from '../../src/prometheus';
import type { SinkHost } from '../../src/sink-types';

const traceId = 'a1'.repeat(16);
const openMetrics = { headers: { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' } };

describe('prometheus', () => {
  it('writes counters, gauges and histograms in the text format, with the labels of the service', async () => {
    const sink = prometheus({ prefix: 'crm_', defaultLabels: { region: 'eu', service_version: '' } });
    sink.start?.(host());
    const jobs = metric('counter', 'jobs', ['queue', 'empty']);
    sink.metric?.({ metric: jobs, value: 2, labels: ['mail "a"\\\n', ''] });
    sink.metric?.({ metric: jobs, value: 3, labels: ['mail "a"\\\n', ''] });
    sink.metric?.({ metric: metric('gauge', 'depth'), value: 4, labels: [] });
    sink.metric?.({ metric: metric('gauge', 'depth_max', ['region']), value: Infinity, labels: ['us'] });
    const duration = metric('histogram', 'duration_seconds', ['route'], [0.1, 1]);
    sink.metric?.({ metric: duration, value: 0.1, labels: ['/a'], exemplar: { traceId } });
    sink.metric?.({ metric: duration, value: 7, labels: ['/a'] });

    const response = await sink.metrics();
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const service = 'service_name="crm",deployment_environment_name="test",deployment_id="d-1",region="eu"';
    expect(await response.text()).toBe(
      `# HELP crm_jobs_total Help "x".
# TYPE crm_jobs_total counter
crm_jobs_total{queue="mail \\"a\\"\\\\\\n",${service}} 5
# HELP crm_depth Help "x".
# TYPE crm_depth gauge
crm_depth{${service}} 4
# HELP crm_depth_max Help "x".
# TYPE crm_depth_max gauge
crm_depth_max{region="us",${service.replace(',region="eu"', '')}} +Inf
# HELP crm_duration_seconds Help "x".
# TYPE crm_duration_seconds histogram
crm_duration_seconds_bucket{le="0.1",route="/a",${service}} 1
crm_duration_seconds_bucket{le="1",route="/a",${service}} 1
crm_duration_seconds_bucket{le="+Inf",route="/a",${service}} 2
crm_duration_seconds_sum{route="/a",${service}} 7.1
crm_duration_seconds_count{route="/a",${service}} 2
`,
    );
    expect(sink.stats()).toEqual({ accepted: 6, sent: 6, queued: 0, dropped: {} });
    await sink.flush();
    await sink.close();
  });

  it('answers in OpenMetrics with exemplars where that is asked for, and in text again after it', async () => {
    const sink = prometheus();
    sink.metric?.({ metric: metric('counter', 'jobs_total'), value: 1, labels: [] });
    const duration = metric('histogram', 'duration_seconds', [], [0.1]);
    sink.metric?.({ metric: duration, value: 0.05, labels: [], exemplar: { traceId } });
    sink.metric?.({ metric: duration, value: 3, labels: [], exemplar: { traceId } });
    const before = await (await sink.metrics()).text();

    const response = await sink.metrics(new Request('http://x/metrics', openMetrics));
    expect(response.headers.get('content-type')).toMatch(/^application\/openmetrics-text; version=1.0.0/);
    const text = await response.text();
    expect(text).toMatch(/^# HELP jobs Help \\"x\\"\.\n# TYPE jobs counter\njobs_total 1\n/);
    expect(text).toMatch(
      new RegExp(
        `duration_seconds_bucket\\{le="0.1"\\} 1 # \\{trace_id="${traceId}"\\} 0.05 \\d+\\.\\d{3}\\n` +
          `duration_seconds_bucket\\{le="\\+Inf"\\} 2 # \\{trace_id="${traceId}"\\} 3 \\d+`,
      ),
    );
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    // prom-client's own writer would have taken "_total" from the name for good.
    expect(await (await sink.metrics()).text()).toBe(before);
  });

  it('keeps no exemplars where they are not wanted', async () => {
    const sink = prometheus({ exemplars: false });
    const duration = metric('histogram', 'duration_seconds', [], [0.1]);
    sink.metric?.({ metric: duration, value: 0.05, labels: [], exemplar: { traceId } });
    const text = await (await sink.metrics(new Request('http://x', openMetrics))).text();
    expect(text).toContain('duration_seconds_bucket{le="0.1"} 1\n');
  });

  it.each([
    [undefined, 'text/plain'],
    ['*/*', 'text/plain'],
    ['application/openmetrics-text', 'application/openmetrics-text'],
    [
      'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3',
      'application/openmetrics-text',
    ],
    ['application/openmetrics-text;q=0.2, text/plain', 'text/plain'],
    ['application/openmetrics-text;q=0', 'text/plain'],
    ['application/openmetrics-text;q=rubbish', 'text/plain'],
    [`${',;'.repeat(50_000)}application/openmetrics-text`, 'text/plain'],
  ])('takes %.90s for %s', async (accept, type) => {
    const request = new Request('http://x', accept === undefined ? {} : { headers: { accept } });
    expect((await prometheus().metrics(request)).headers.get('content-type')).toMatch(type);
  });

  it('shares the registry of an application, and adds to what another copy registered', async () => {
    const registry = new Registry();
    const own = new Counter({ name: 'own', help: 'of the application', registers: [registry] });
    own.inc(2);
    const seconds = new Summary({ name: 'took', help: 'x', percentiles: [0.5], registers: [registry] });
    seconds.observe(3);
    const one = prometheus({ registry });
    const other = prometheus({ registry });
    one.metric?.({ metric: metric('counter', 'jobs', ['a']), value: 1, labels: ['x'] });
    other.metric?.({ metric: metric('counter', 'jobs', ['a']), value: 2, labels: ['x'] });
    const text = await (await other.metrics(new Request('http://x', openMetrics))).text();
    expect(text).toContain('jobs_total{a="x"} 3\n');
    expect(text).toContain('# TYPE own counter\nown_total 2\n');
    expect(text).toContain('took{quantile="0.5"} 3\ntook_sum 3\ntook_count 1\n');
    expect(await registry.metrics()).toContain('jobs_total{a="x"} 3');
    expect(prometheus().registry).not.toBe(prometheus().registry);

    registry.clear();
    prometheus({ registry }).metric?.({ metric: metric('counter', 'jobs', ['a']), value: 9, labels: ['x'] });
    expect(await (await one.metrics()).text()).toContain('jobs_total{a="x"} 9\n');
  });

  it('counts what prom-client refuses, and goes on', async () => {
    const registry = new Registry();
    new Gauge({ name: 'taken', help: 'x', registers: [registry] });
    const sink = prometheus({ registry });
    const taken = metric('gauge', 'taken');
    sink.metric?.({ metric: taken, value: 1, labels: [] });
    sink.metric?.({ metric: taken, value: 1, labels: [] });
    const fine = metric('counter', 'fine');
    sink.metric?.({ metric: fine, value: 1, labels: [] });
    sink.metric?.({ metric: fine, value: -1, labels: [] });
    sink.metric?.({ metric: fine, value: 1, labels: [] });
    expect(sink.stats()).toEqual({ accepted: 5, sent: 2, queued: 0, dropped: { refused: 3 } });
    expect(await (await sink.metrics()).text()).toContain('fine_total 2\n');
  });

  it('writes all other metrics where collecting one fails', async () => {
    const registry = new Registry();
    const fail = (): void => {
      throw new Error('no');
    };
    new Gauge({ name: 'broken', help: 'x', registers: [registry], collect: fail });
    const sink = prometheus({ registry });
    sink.metric?.({ metric: metric('gauge', 'fine'), value: -Infinity, labels: [] });
    const text = await (await sink.metrics()).text();
    expect(text).toContain('fine -Inf\n');
    expect(text).not.toContain('broken');
  });

  it('lets only those scrape who may', async () => {
    const sink = prometheus({ authorize: (request) => request.header('Authorization') === 'Bearer s3cret' });
    sink.metric?.({ metric: metric('gauge', 'depth'), value: 1, labels: [] });
    expect((await sink.metrics()).status).toBe(403);
    const allowed = new Request('http://x', { headers: { authorization: 'Bearer s3cret' } });
    expect(await (await sink.metrics(allowed)).text()).toContain('depth 1');
    const failing = prometheus({ authorize: () => Promise.reject(new Error('down')) });
    expect((await failing.metrics(allowed)).status).toBe(403);

    const server = createServer(sink.handler());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
    expect((await fetch(url)).status).toBe(403);
    const response = await fetch(url, {
      headers: { authorization: 'Bearer s3cret', ...openMetrics.headers },
    });
    expect(response.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe('# HELP depth Help \\"x\\".\n# TYPE depth gauge\ndepth 1\n# EOF\n');
    server.close();
  });

  it('keeps the labels of the set-up that has it, and tells a second one', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockReturnValue(undefined);
    const of = (name: string): SinkHost => ({ ...host(), service: { ...host().service, name } });
    const sink = prometheus();
    sink.start?.(of('crm'));
    sink.start?.(of('shop'));
    sink.metric?.({ metric: metric('gauge', 'depth'), value: 1, labels: [] });
    expect(await (await sink.metrics()).text()).toContain('service_name="crm"');
    expect(warn.mock.calls).toEqual([
      [
        expect.stringContaining('second startApm, of "shop"'),
        expect.objectContaining({ code: 'UNITE_APM_SINK_SHARED' }),
      ],
    ]);
    warn.mockRestore();
    // Whoever comes after all have closed it is its first again.
    for (const _ of [1, 2, 3]) await sink.close();
    sink.start?.(of('mail'));
    expect(await (await sink.metrics()).text()).toContain('service_name="mail"');
  });

  it.each([
    [{ prefix: '1_' }, 'prefix'],
    [{ registry: {} }, 'registry'],
    [{ registry: 5 }, 'registry'],
    [{ exemplars: 1 }, 'exemplars'],
    [{ defaultLabels: { 'a b': 'x' } }, 'defaultLabels'],
    [{ defaultLabels: { a: 1 } }, 'defaultLabels'],
    [{ defaultLabels: { le: '1' } }, 'defaultLabels'],
    [{ defaultLabels: { quantile: '1' } }, 'defaultLabels'],
    [{ defaultLabels: { __name__: 'x' } }, 'defaultLabels'],
    [{ defaultLabels: { 'a-b': 'x' } }, 'defaultLabels'],
    [{ defaultLabels: null }, 'defaultLabels'],
    [{ authorize: true }, 'authorize'],
    [{ port: 9 }, 'port'],
  ])('refuses %j', (options, name) => {
    expect(() => prometheus(options as never)).toThrow(new RegExp(`^prometheus: .*option "${name}"`));
  });
});

function metric(
  kind: MetricKind,
  name: string,
  labels: readonly string[] = [],
  buckets: readonly number[] = [],
): MetricDefinition {
  return { kind, name, help: 'Help "x".', labels, buckets };
}

function host(): SinkHost {
  const service = {
    name: 'crm',
    release: '1.0',
    environment: 'test',
    deployment: { id: 'd-1' },
  };
  return { service, clock: {} as never, redact: (text) => text, spoolDirectory: undefined };
}
