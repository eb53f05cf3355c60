import { describe, expect, test } from '@jest/globals';
import { overflow } from '../../src/metrics';
import { RouteStats } from '../../src/observation';

const finished = (route: string, durationMs: number, status = 200) => ({
  route,
  status,
  isError: status >= 500,
  isAborted: false,
  durationMs,
  endedAtMs: 0,
});

describe('RouteStats', () => {
  test('counts requests and errors of each route', () => {
    const stats = new RouteStats(10, [1, 10, 100]);
    stats.record(finished('GET /a', 5));
    stats.record(finished('GET /a', 5, 500));
    stats.record(finished('GET /b', 5));
    expect(stats.reports()).toMatchObject([
      { route: 'GET /a', requests: 2, errors: 1 },
      { route: 'GET /b', requests: 1, errors: 0 },
    ]);
  });

  test('finds quantiles within a bucket, evenly', () => {
    const stats = new RouteStats(10, [10, 20, 40]);
    for (const _ of Array(50)) stats.record(finished('GET /a', 5));
    for (const _ of Array(50)) stats.record(finished('GET /a', 15));
    expect(stats.reports()[0]).toMatchObject({ p50Ms: 10, p95Ms: 19, p99Ms: 19.8 });
  });

  test('says the last bound for what took longer', () => {
    const stats = new RouteStats(10, [10, 20]);
    stats.record(finished('GET /a', 5_000));
    expect(stats.reports()[0]).toMatchObject({ p50Ms: 20, p99Ms: 20 });
  });

  test('admits a bounded number of routes', () => {
    const stats = new RouteStats(1, [10]);
    stats.record(finished(stats.admit('GET /a'), 1));
    expect([stats.admit('GET /a'), stats.admit('GET /b')]).toEqual(['GET /a', overflow]);
  });
});
