import { short, table } from './figures.mjs';
import { runOurs } from './run-ours.mjs';
import { startServer } from './start-server.mjs';

/** 1,000 users with three to five seconds of think time are 250 requests a second, in every second. */
export async function steady({ steadySeconds }) {
  const server = await startServer();
  const { report, rssMb, cpuShare } = await runOurs({
    target: server.url,
    users: 1_000,
    thinkMs: [3_000, 5_000],
    rampMs: 3_000,
    durationMs: steadySeconds * 1_000,
  });
  await server.close();
  const { total, generatorDelay } = report;
  const perSecond = total.requests / steadySeconds;
  console.log(
    `\n${table(
      [
        '1,000 users, 3–5 s',
        'requests a second',
        'p50, ms',
        'p99, ms',
        'generator late, p99, ms',
        'max',
        'CPU, %',
        'MB',
      ],
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
    )}\n`,
  );
  return [
    [
      `1,000 users at 3–5 s: ${short(perSecond)} requests a second (bar 250 ± 2 %)`,
      Math.abs(perSecond / 250 - 1) <= 0.02,
    ],
    ['1,000 users at 3–5 s: no errors', total.errors === 0],
    [
      `1,000 users at 3–5 s: late by ${short(generatorDelay.p99Ms)} ms at p99 (bar 5)`,
      generatorDelay.p99Ms <= 5,
      true,
    ],
    [`1,000 users at 3–5 s: ${short(rssMb)} MB (bar 200)`, rssMb <= 200],
  ];
}
