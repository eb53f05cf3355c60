import { barsOf } from '../lib/bars-of.mjs';
import { medianOf } from '../lib/rounds.mjs';
import { short } from '../lib/table.mjs';

const ours = '@unite/ops';

/** One table a load: what got in, how soon it was answered, and what became of the rest. */
export function showOverload(report, workload, rounds) {
  const capacity = medianOf(rounds.map((round) => round.capacity));
  const unloadedMs = medianOf(rounds.map((round) => round.unloadedMs));
  const boundMs = medianOf(rounds.map((round) => round.boundMs));
  const intro = `${workload.title}: ${short(unloadedMs)} ms alone, ${short(capacity)} a second at most, bound ${short(boundMs)} ms.`;
  const late = rounds.flatMap(({ runs }) => runs.map(({ lateMs }) => quantile(lateMs, 0.99)));
  const generator = `The generator was late by ${short(medianOf(late))} ms (99th percentile; in the worst run ${short(Math.max(...late))}).`;
  const loads = [...new Set(rounds.flatMap(({ runs }) => runs.map(({ load }) => load)))];
  report.note(`${intro} ${generator}`);
  for (const load of loads) showLoad(report, workload, load, rounds);
  showUseful(report, workload, rounds);
}

function showLoad(report, workload, load, rounds) {
  const names = rounds[0].runs.filter((run) => run.load === load).map(({ contestant }) => contestant);
  const title = `${workload.title}, at ${load}× capacity`;
  const head = [
    '',
    'answered, of capacity',
    'of that within the bound',
    'admitted: p50, p95, p99, ms',
    'p95 of each round',
    'refused',
    'a refusal: p50, p95, ms',
    '/health: p50, p95, ms',
    'without an answer',
  ];
  report.table(
    title,
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

/** What overload leaves of the capacity: answers within the bound. */
function showUseful(report, workload, rounds) {
  const names = rounds[0].runs.filter((run) => run.load === 3).map(({ contestant }) => contestant);
  const samples = Object.fromEntries(
    names.map((name) => [name, rounds.map((round) => 100 * summaryOf(round, name, 3).useful)]),
  );
  report.bars({
    title: `${workload.title}, at 3× capacity: answered within the bound`,
    unit: '% of capacity',
    better: 'more',
    bars: barsOf(samples, { ours: [ours] }),
  });
}

/** What is promised, and whether the medians of the rounds keep it. */
export function claimAll(report, workload, rounds) {
  const { leastShare } = workload;
  const all = rounds.map((round) => ({ ...summaryOf(round, ours, 3), boundMs: round.boundMs }));
  const p95 = medianOf(all.map(({ run }) => quantile(run.admitted, 0.95)));
  const boundMs = medianOf(all.map((one) => one.boundMs));
  const goodput = medianOf(all.map((one) => one.goodput));
  const refused = medianOf(all.map(({ refusedShare }) => refusedShare));
  const failed = all.reduce((sum, { run }) => sum + run.failed, 0);
  const of = (figure) => ({ figure, isOfMachine: true });
  const at3 = `${workload.title}, 3×`;
  report.claim(`${at3}: p95 of admitted within the bound`, p95 <= boundMs, {
    ...of(`${short(p95)} ms of ${short(boundMs)}`),
  });
  report.claim(
    `${at3}: answers ${percent(leastShare)} of its capacity`,
    goodput >= leastShare,
    of(percent(goodput)),
  );
  report.claim(`${at3}: every request has an answer`, failed === 0, of(`${failed} have none`));
  report.claim(`${at3}: refuses 30 %`, refused >= 0.3, {
    figure: percent(refused),
    isTimed: true,
  });
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
