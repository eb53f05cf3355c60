import { formatTable } from '../format-table';
import type { Latency, LoadReport, RequestsReport } from './load-types';

const percentiles = [
  ['p50', 'p50Ms'],
  ['p90', 'p90Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
  ['p99.9', 'p999Ms'],
  ['max', 'maxMs'],
] as const satisfies readonly (readonly [string, keyof Latency])[];

/** A report as text, for a terminal: figures, what went wrong and where, and the verdict last. */
export function formatLoadReport(report: LoadReport): string {
  const { total, byRequest, thinkMs, generatorDelay } = report;
  const sections = [
    [
      `${report.target}, ${report.users} users, ${thinkMs[1] === 0 ? 'no think time' : `think time ${number(thinkMs[0] / 1_000)}–${seconds(thinkMs[1])}`}, ${seconds(report.durationMs)}, seed ${report.seed}${report.interrupted ? ' (interrupted)' : ''}`,
      `${count(total.requests)} requests, ${number(report.requestsPerSecond)} answers a second, ${count(total.errors)} errors (${percent(total)}), ${bytes(report.bytesReceived)} received`,
    ],
    formatTable([
      ['latency in ms, from when due', ...percentiles.map(([name]) => name), 'requests', 'errors'],
      ...(byRequest.length > 1 ? byRequest : []).map(requestsRow),
      requestsRow(total),
      ['from when sent', ...latencyCells(report.serviceTime), '', ''],
    ]),
    Object.entries(report.outcomes).length > 0
      ? [
          `outcomes: ${Object.entries(report.outcomes)
            .map(([name, times]) => `${name} × ${count(times)}`)
            .join(', ')}`,
        ]
      : [],
    report.stalls.map(
      ({ atMs, durationMs, waiting }) =>
        `stall: no answer for ${seconds(durationMs)} from ${seconds(atMs)} on, ${count(waiting)} requests waiting`,
    ),
    [
      `generator late by ${number(generatorDelay.p99Ms)} ms (p99), ${number(generatorDelay.maxMs)} ms (max)`,
      ...report.warnings.map((warning) => `warning: ${warning}`),
    ],
    report.verdict.map(
      ({ objective, measured, kept, reason }) =>
        `${kept ? 'kept' : 'MISSED'}: ${objective}, ${reason ?? `measured ${number(measured)}`}`,
    ),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function requestsRow({ name, latency, requests, errors }: RequestsReport): string[] {
  return [name, ...latencyCells(latency), count(requests), count(errors)];
}

function latencyCells(latency: Latency): string[] {
  return percentiles.map(([, key]) => number(latency[key]));
}

/** Three digits that mean something. */
function number(value: number): string {
  return value >= 100 || value === 0 ? count(Math.round(value)) : String(Number(value.toPrecision(3)));
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function percent({ requests, errors }: RequestsReport): string {
  return `${number(requests === 0 ? 0 : (errors / requests) * 100)} %`;
}

function seconds(durationMs: number): string {
  return `${number(durationMs / 1_000)} s`;
}

function bytes(value: number): string {
  return value < 1e6 ? `${number(value / 1e3)} kB` : `${number(value / 1e6)} MB`;
}
