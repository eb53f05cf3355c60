import { describe, expect, test } from '@jest/globals';
import { formatLoadReport } from '../../src/load';
import type { Latency, LoadReport } from '../../src/load/load-types';

const latency: Latency = {
  p50Ms: 1.2345,
  p90Ms: 10,
  p95Ms: 99.96,
  p99Ms: 250.4,
  p999Ms: 900,
  maxMs: 1_234.5,
  meanMs: 5,
};
const total = { name: 'total', requests: 12_345, errors: 12, latency };
const report: LoadReport = {
  target: 'http://localhost:3000/',
  users: 1_000,
  thinkMs: [3_000, 5_000],
  durationMs: 30_000,
  seed: 7,
  total,
  byRequest: [
    { ...total, name: 'GET /contacts', requests: 12_000 },
    { ...total, name: 'POST /contacts', requests: 345 },
  ],
  requestsPerSecond: 249.6,
  bytesReceived: 2_500_000,
  serviceTime: latency,
  outcomes: { 200: 12_333, TIMEOUT: 12 },
  stalls: [{ atMs: 12_000, durationMs: 1_020, waiting: 251 }],
  generatorDelay: { p99Ms: 0.4, maxMs: 3 },
  warnings: ['something'],
  verdict: [
    { objective: 'p95 ≤ 200 ms', measured: 99.96, kept: true },
    { objective: 'error rate ≤ 0.0001', measured: 0.000972, kept: false },
    { objective: 'p50 ≤ 5 ms', measured: 0, kept: false, reason: 'no latency was measured' },
  ],
  interrupted: true,
  kept: false,
};

describe('formatLoadReport', () => {
  test('says all of it', () => {
    expect(formatLoadReport(report)).toBe(
      `http://localhost:3000/, 1000 users, think time 3–5 s, 30 s, seed 7 (interrupted)
12,345 requests, 250 answers a second, 12 errors (0.0972 %), 2.5 MB received

latency in ms, from when due   p50  p90  p95  p99  p99.9    max  requests  errors
GET /contacts                 1.23   10  100  250    900  1,235    12,000      12
POST /contacts                1.23   10  100  250    900  1,235       345      12
total                         1.23   10  100  250    900  1,235    12,345      12
from when sent                1.23   10  100  250    900  1,235

outcomes: 200 × 12,333, TIMEOUT × 12

stall: no answer for 1.02 s from 12 s on, 251 requests waiting

generator late by 0.4 ms (p99), 3 ms (max)
warning: something

kept: p95 ≤ 200 ms, measured 100
MISSED: error rate ≤ 0.0001, measured 0.000972
MISSED: p50 ≤ 5 ms, no latency was measured`,
    );
  });

  test('leaves out what there is not', () => {
    const none: Latency = { p50Ms: 0, p90Ms: 0, p95Ms: 0, p99Ms: 0, p999Ms: 0, maxMs: 0, meanMs: 0 };
    const empty = { name: 'GET /', requests: 0, errors: 0, latency: none };
    const text = formatLoadReport({
      ...report,
      thinkMs: [0, 0],
      requestsPerSecond: 0,
      bytesReceived: 0,
      total: empty,
      byRequest: [empty],
      serviceTime: none,
      outcomes: {},
      stalls: [],
      warnings: [],
      verdict: [],
      interrupted: false,
    });
    expect(text).toBe(
      `http://localhost:3000/, 1000 users, no think time, 30 s, seed 7
0 requests, 0 answers a second, 0 errors (0 %), 0 kB received

latency in ms, from when due  p50  p90  p95  p99  p99.9  max  requests  errors
GET /                           0    0    0    0      0    0         0       0
from when sent                  0    0    0    0      0    0

generator late by 0.4 ms (p99), 3 ms (max)`,
    );
  });
});
