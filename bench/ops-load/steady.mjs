import { short } from '../lib/table.mjs';
import { runOurs } from './run-ours.mjs';
import { startServer } from './start-server.mjs';

/** 1,000 users with three to five seconds of think time are 250 requests a second, in every second. */
export async function steady(report, { steadySeconds }) {
  const server = await startServer();
  const {
    report: run,
    rssMb,
    cpuShare,
  } = await runOurs({
    target: server.url,
    users: 1_000,
    thinkMs: [3_000, 5_000],
    rampMs: 3_000,
    durationMs: steadySeconds * 1_000,
  });
  await server.close();
  const { total, generatorDelay } = run;
  const perSecond = total.requests / steadySeconds;
  report.table(
    '1,000 users who think for three to five seconds',
    ['', 'requests a second', 'p50, ms', 'p99, ms', 'generator late, p99, ms', 'max', 'CPU, %', 'MB'],
    [
      [
        `${steadySeconds} s`,
        ...[
          perSecond,
          total.latency.p50Ms,
          total.latency.p99Ms,
          generatorDelay.p99Ms,
          generatorDelay.maxMs,
          cpuShare * 100,
          rssMb,
        ].map(short),
      ],
    ],
  );
  report.claim('1,000 users at 3–5 s: 250 requests a second ± 2 %', Math.abs(perSecond / 250 - 1) <= 0.02, {
    figure: short(perSecond),
  });
  report.claim('1,000 users at 3–5 s: no errors', total.errors === 0);
  report.claim('1,000 users at 3–5 s: late by at most 5 ms at p99', generatorDelay.p99Ms <= 5, {
    figure: `${short(generatorDelay.p99Ms)} ms`,
    isOfMachine: true,
  });
  report.claim('1,000 users at 3–5 s: at most 200 MB', rssMb <= 200, { figure: `${short(rssMb)} MB` });
}
