import { describe, expect, test } from '@jest/globals';
import { judgeObjectives } from '../../src/load/judge-objectives';

/** 1,000 requests, of which so many failed; answers took 20 ms. */
function figures(errors: number, { latencyMs = 20, requests = 1_000 } = {}) {
  const latency = {
    p50Ms: latencyMs,
    p90Ms: latencyMs,
    p95Ms: latencyMs,
    p99Ms: latencyMs,
    p999Ms: latencyMs,
    maxMs: latencyMs,
    meanMs: latencyMs,
  };
  return { total: { name: 'total', requests, errors, latency }, requestsPerSecond: 100 };
}

const latencies = { p50Ms: 200, p95Ms: 200, p99Ms: 200 };

describe('a latency', () => {
  test.each([0, 10])('is kept with %d errors of 1,000', (errors) => {
    expect(judgeObjectives(latencies, figures(errors))).toEqual(
      ['p50', 'p95', 'p99'].map((name) => ({ objective: `${name} ≤ 200 ms`, measured: 20, kept: true })),
    );
  });

  test.each([
    [11, '1.1 %'],
    [1_000, '100 %'],
  ])('is missed with %d errors of 1,000', (errors, share) => {
    const reason = `${share} of requests failed, and latency counts up to 1 %`;
    expect(judgeObjectives(latencies, figures(errors))).toEqual(
      ['p50', 'p95', 'p99'].map((name) => ({
        objective: `${name} ≤ 200 ms`,
        measured: 20,
        kept: false,
        reason,
      })),
    );
  });

  test.each([
    [0.5, 500, true],
    [0.5, 501, false],
    [0, 0, true],
    [0, 1, false],
  ])('counts with as many errors as are allowed: %d, %d of 1,000', (errorRate, errors, kept) => {
    const verdict = judgeObjectives({ p95Ms: 200, errorRate }, figures(errors));
    expect(verdict.map((one) => one.kept)).toEqual([kept, kept]);
  });

  test('is missed where none was measured, whatever may fail', () => {
    expect(judgeObjectives({ p95Ms: 200, errorRate: 1 }, figures(1_000, { latencyMs: 0 }))).toEqual([
      { objective: 'p95 ≤ 200 ms', measured: 0, kept: false, reason: 'no latency was measured' },
      { objective: 'error rate ≤ 1', measured: 1, kept: true },
    ]);
  });
});

test('without requests nothing is kept', () => {
  const none = { ...figures(0, { latencyMs: 0, requests: 0 }), requestsPerSecond: 0 };
  expect(judgeObjectives({ p95Ms: 200, errorRate: 1, requestsPerSecond: 1 }, none)).toEqual([
    { objective: 'p95 ≤ 200 ms', measured: 0, kept: false, reason: 'no latency was measured' },
    { objective: 'error rate ≤ 1', measured: 0, kept: false, reason: 'no request was made' },
    { objective: 'requests per second ≥ 1', measured: 0, kept: false },
  ]);
});
