import { medianOf } from '../lib/rounds.mjs';
import { short, table } from '../lib/table.mjs';

const ours = '@unite/ops';

/** One table a load: what got in, how soon it was answered, and what became of the rest. */
export function overloadTables(workload, rounds) {
  const capacity = medianOf(rounds.map((round) => round.capacity));
  const unloadedMs = medianOf(rounds.map((round) => round.unloadedMs));
  const boundMs = medianOf(rounds.map((round) => round.boundMs));
  const intro = `${workload.title}: ${short(unloadedMs)} ms alone, ${short(capacity)} a second at most, bound ${short(boundMs)} ms`;
  const late = rounds.flatMap(({ runs }) => runs.map(({ lateMs }) => quantile(lateMs, 0.99)));
  const generator = `The generator was late by ${short(medianOf(late))} ms (99th percentile; in the worst run ${short(Math.max(...late))}).`;
  const loads = [...new Set(rounds.flatMap(({ runs }) => runs.map(({ load }) => load)))];
  return [intro, ...loads.map((load) => loadTable(load, rounds)), generator].join('\n\n');
}

function loadTable(load, rounds) {
  const names = rounds[0].runs.filter((run) => run.load === load).map(({ contestant }) => contestant);
  const head = [
    `at ${load}× capacity`,
    'answered, of capacity',
    'of that within the bound',
    'admitted: p50, p95, p99, ms',
    'p95 of each round',
    'refused',
    'a refusal: p50, p95, ms',
    '/health: p50, p95, ms',
    'without an answer',
  ];
  return table(
    head,
    names.map((name) => {
      const all = rounds.map((round) => summaryOf(round, name, load));
      const middle = (of) => medianOf(all.map(of));
      return [
        name,
        percent(middle(({ goodput }) => goodput)),
        percent(middle(({ useful }) => useful)),
        [0.5, 0.95, 0.99].map((q) => short(middle(({ run }) => quantile(run.admitted, q)))).join(', '),
        all.map(({ run }) => quantile(run.admitted, 0.95).toFixed(0)).join(', '),
        percent(middle(({ refusedShare }) => refusedShare)),
        timesOf(all.flatMap(({ run }) => run.refused)),
        timesOf(all.flatMap(({ run }) => run.health)),
        middle(({ run }) => run.failed),
      ];
    }),
  );
}

/** What is promised, and whether the medians of the rounds keep it. */
export function claimsOf(workload, rounds) {
  const { leastShare } = workload;
  const all = rounds.map((round) => ({ ...summaryOf(round, ours, 3), boundMs: round.boundMs }));
  const p95 = medianOf(all.map(({ run }) => quantile(run.admitted, 0.95)));
  const boundMs = medianOf(all.map((one) => one.boundMs));
  const goodput = medianOf(all.map((one) => one.goodput));
  const refused = medianOf(all.map(({ refusedShare }) => refusedShare));
  const failed = all.reduce((sum, { run }) => sum + run.failed, 0);
  return [
    [
      `${workload.title}, 3×: p95 of admitted ${short(p95)} ms (bound ${short(boundMs)})`,
      p95 <= boundMs,
      true,
    ],
    [
      `${workload.title}, 3×: answers ${percent(goodput)} of its capacity (bar ${percent(leastShare)})`,
      goodput >= leastShare,
      true,
    ],
    [`${workload.title}, 3×: ${failed} requests have no answer (bar 0)`, failed === 0, true],
    [`${workload.title}, 3×: refuses ${percent(refused)} (bar 30 %)`, refused >= 0.3],
  ];
}

function summaryOf({ runs, capacity, boundMs }, contestant, load) {
  const run = runs.find((one) => one.contestant === contestant && one.load === load);
  const within = run.admitted.filter((ms) => ms <= boundMs).length / (run.admitted.length || 1);
  const goodput = run.answeredPerSecond / capacity;
  return { run, goodput, useful: goodput * within, refusedShare: run.refused.length / run.sent };
}

function quantile(values, share) {
  return (
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
  );
}

const timesOf = (values) =>
  values.length === 0 ? '–' : [0.5, 0.95].map((share) => short(quantile(values, share))).join(', ');

const percent = (share) => `${(share * 100).toFixed(0)} %`;
