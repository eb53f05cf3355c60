import { spawnSync } from 'node:child_process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Labels } from '../../src';
import { type PooledCluster, type ProcessMetrics, processMetrics } from '../../src/process';
import { bundledScript } from '../support/bundled-script';

interface Put {
  readonly how: 'count' | 'gauge' | 'record';
  readonly value: number;
  readonly labels: Labels | undefined;
}

/** Keeps what it is given, and says when there is some of a name. */
function createRecorder() {
  const puts = new Map<string, Put[]>();
  const waiting = new Map<string, () => void>();
  const put =
    (how: Put['how']) =>
    (name: string, value = 1, labels?: Labels) => {
      puts.set(name, [...(puts.get(name) ?? []), { how, value, labels }]);
      waiting.get(name)?.();
    };
  return {
    puts,
    count: put('count'),
    gauge: put('gauge'),
    record: put('record'),
    next: (name: string) => new Promise<void>((resolve) => waiting.set(name, resolve)),
  };
}

let metrics: ProcessMetrics | undefined;
afterEach(async () => {
  await metrics?.close();
});

test('tells how the process does', async () => {
  const recorder = createRecorder();
  metrics = processMetrics(recorder, { everyMs: 20, eventLoopResolutionMs: 1 });
  await recorder.next('process_uptime_seconds');
  await recorder.next('process_uptime_seconds');
  const [{ value: used = 0 } = {}] = recorder.puts.get('nodejs_heap_size_used_bytes') ?? [];
  expect(used).toBeGreaterThan(1e6);
  for (const name of [
    'nodejs_eventloop_lag_mean_seconds',
    'nodejs_eventloop_lag_p50_seconds',
    'nodejs_eventloop_lag_p99_seconds',
    'nodejs_eventloop_lag_max_seconds',
    'nodejs_eventloop_utilization_ratio',
    'process_resident_memory_bytes',
    'nodejs_heap_size_total_bytes',
    'nodejs_heap_size_limit_bytes',
    'nodejs_external_memory_bytes',
    'nodejs_active_resources',
    'process_uptime_seconds',
  ]) {
    expect([name, recorder.puts.get(name)?.[0]]).toEqual([
      name,
      { how: 'gauge', value: expect.any(Number), labels: undefined },
    ]);
    for (const { value } of recorder.puts.get(name) ?? []) expect([name, value >= 0]).toEqual([name, true]);
  }
  for (const name of ['process_cpu_user_seconds_total', 'process_cpu_system_seconds_total']) {
    expect([name, recorder.puts.get(name)?.[0]?.how]).toEqual([name, 'count']);
  }
});

test('tells a blocked event loop by its greatest lag and by its use', async () => {
  const recorder = createRecorder();
  metrics = processMetrics(recorder, { everyMs: 50, eventLoopResolutionMs: 1 });
  await recorder.next('process_uptime_seconds');
  // From a timer of its own: what blocks in the very moment of a look begins before the monitor counts again.
  setTimeout(() => {
    recorder.puts.clear();
    const before = process.cpuUsage();
    while (process.cpuUsage(before).user < 150_000);
  }, 20);
  await recorder.next('process_uptime_seconds');
  await recorder.next('process_uptime_seconds');
  const most = (name: string) => Math.max(...(recorder.puts.get(name) ?? []).map(({ value }) => value));
  expect(most('nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0.1);
  expect(most('nodejs_eventloop_utilization_ratio')).toBeGreaterThan(0.5);
  expect(most('process_cpu_user_seconds_total')).toBeGreaterThan(0.05);
});

test('tells what blocked just before a look, which the monitor of Node has not seen and then forgets', async () => {
  const recorder = createRecorder();
  metrics = processMetrics(recorder, { everyMs: 50, eventLoopResolutionMs: 1 });
  await recorder.next('process_uptime_seconds');
  // Due before the look, and run in one turn with it.
  setTimeout(() => {
    recorder.puts.clear();
    blockFor(200);
  }, 10);
  blockFor(100);
  await recorder.next('process_uptime_seconds');
  expect(recorder.puts.get('nodejs_eventloop_lag_max_seconds')?.[0]?.value).toBeGreaterThan(0.15);
});

test('records the runs of the garbage collector by kind', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const recorder = createRecorder();
  metrics = processMetrics(recorder, { everyMs: 1_000 });
  const recorded = recorder.next('nodejs_gc_duration_seconds');
  collect();
  await recorded;
  const [run] = recorder.puts.get('nodejs_gc_duration_seconds') ?? [];
  expect(run).toEqual({
    how: 'record',
    value: expect.any(Number),
    labels: { kind: expect.stringMatching(/^(?:major|minor|incremental|weakcb)$/) },
  });
  expect(run?.value).toBeLessThan(5);
});

describe('spans', () => {
  test('those that were sent or lost are counted as they come, by exporter, and those that wait are told', async () => {
    const recorder = createRecorder();
    const stats = { exporter: 'otlp', exported: 5, failed: 2, dropped: 0, queued: 1 };
    let isBroken = false;
    const tracing = {
      stats() {
        if (isBroken) throw new Error('out of order');
        return { exporters: [stats] };
      },
    };
    metrics = processMetrics(recorder, { everyMs: 20, tracing });
    await recorder.next('tracing_spans_queued');
    Object.assign(stats, { exported: 9, dropped: 3, queued: 0 });
    await recorder.next('tracing_spans_queued');
    isBroken = true;
    await recorder.next('process_uptime_seconds');
    const sum = (name: string, reason?: string) =>
      (recorder.puts.get(name) ?? [])
        .filter(({ labels }) => labels?.exporter === 'otlp' && labels?.reason === reason)
        .reduce((total, { value }) => total + value, 0);
    expect(sum('tracing_spans_exported_total')).toBe(9);
    expect(sum('tracing_spans_lost_total', 'failed')).toBe(2);
    expect(sum('tracing_spans_lost_total', 'dropped')).toBe(3);
    expect(
      recorder.puts
        .get('tracing_spans_queued')
        ?.map(({ value }) => value)
        .slice(0, 2),
    ).toEqual([1, 0]);
  });

  test('refuses what is no tracing', () => {
    for (const tracing of [{}, null, 1]) {
      expect(() => processMetrics(createRecorder(), { tracing: tracing as never })).toThrow(
        'option "tracing" must be what startTracing returns, with stats()',
      );
    }
  });
});

describe('pools', () => {
  const cluster: PooledCluster = {
    status: () => ({
      name: 'crm',
      nodes: [{ name: 'a', pools: [{ purpose: 'write', max: 10, total: 7, idle: 3, waiting: 2 }] }],
    }),
  };

  test('are told by cluster, node and purpose, also where another one cannot tell', async () => {
    const recorder = createRecorder();
    const broken: PooledCluster = {
      status: () => {
        throw new Error('no');
      },
    };
    const nameless: PooledCluster = { status: () => ({ nodes: [] }) };
    metrics = processMetrics(recorder, {
      everyMs: 5,
      pools: [broken, nameless, { name: 'x', status: cluster.status }],
    });
    await recorder.next('db_pool_connections_max');
    const pool = { cluster: 'crm', node: 'a', purpose: 'write' };
    const gauge = (value: number, labels: Labels) => ({ how: 'gauge', value, labels });
    expect(recorder.puts.get('db_pool_connections')?.slice(0, 2)).toEqual([
      gauge(4, { ...pool, state: 'used' }),
      gauge(3, { ...pool, state: 'idle' }),
    ]);
    expect(recorder.puts.get('db_pool_waiting')?.[0]).toEqual(gauge(2, pool));
    expect(recorder.puts.get('db_pool_connections_max')?.[0]).toEqual(gauge(10, pool));
  });
});

describe('its life', () => {
  test('a second start with the same set-up is the first, until it is closed', async () => {
    const recorder = createRecorder();
    metrics = processMetrics(recorder);
    expect(processMetrics(recorder)).toBe(metrics);
    const other = processMetrics(createRecorder());
    expect(other).not.toBe(metrics);
    await other.close();
    await metrics.close();
    await metrics.close();
    const again = processMetrics(recorder);
    expect(again).not.toBe(metrics);
    metrics = again;
  });

  test('what records may fail', async () => {
    let looks = 0;
    let enough = () => {};
    const twice = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const failing = () => {
      looks += 1;
      if (looks === 60) enough();
      throw new Error('no');
    };
    metrics = processMetrics({ count: failing, gauge: failing, record: failing }, { everyMs: 5 });
    await twice;
  });

  test('it keeps no process alive', () => {
    const script = bundledScript(
      'process-metrics',
      `import { processMetrics } from './src/process';
       const none = () => undefined;
       processMetrics({ count: none, gauge: none, record: none });`,
    );
    const { status, stderr } = spawnSync(process.execPath, [script.path], {
      timeout: 20_000,
      encoding: 'utf8',
    });
    script.remove();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('options that are not right are refused by name', () => {
    const recorder = createRecorder();
    expect(() => processMetrics({} as never)).toThrow('must be what startApm returns');
    expect(() => processMetrics(recorder, { everyMs: 0 })).toThrow(
      'option "everyMs" must be a whole number from 1 to 3600000, got 0',
    );
    expect(() => processMetrics(recorder, { eventLoopResolutionMs: 0.5 })).toThrow('"eventLoopResolutionMs"');
    for (const pools of [{}, [{}], [null]]) {
      expect(() => processMetrics(recorder, { pools: pools as never })).toThrow(
        'option "pools" must be a list of clusters with status()',
      );
    }
  });
});

function blockFor(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}
