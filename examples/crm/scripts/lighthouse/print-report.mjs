import { leastBenchmarkIndex } from './gates.mjs';

const columns = [
  ['perf', ({ performance }) => performance],
  ['a11y', ({ accessibility }) => accessibility],
  ['best', ({ bestPractices }) => bestPractices],
  ['FCP', ({ fcpMs }) => ms(fcpMs)],
  ['LCP', ({ lcpMs }) => ms(lcpMs)],
  ['TBT', ({ tbtMs }) => ms(tbtMs)],
  ['CLS', ({ cls }) => cls.toFixed(3)],
  ['TTI', ({ interactiveMs }) => ms(interactiveMs)],
  ['load', ({ loadMs }) => ms(loadMs)],
  ['index', ({ benchmarkIndex }) => Math.round(benchmarkIndex)],
];

/** A row for each screen, then what is missed, and what nobody can tell here. */
export function printReport({ url, runs, screens, missed, unjudged }) {
  console.log(
    `\n${url}, median of ${runs}. Times in ms, throttled but for load; index is how fast this machine is.\n`,
  );
  printRow('route', 'form', ([name]) => name);
  for (const screen of screens) printRow(screen.route, screen.form, ([, figureOf]) => figureOf(screen));
  console.log();
  for (const miss of missed) console.log(`Missed: ${sentence(miss)}`);
  for (const miss of unjudged) console.log(`Too slow a machine to tell: ${sentence(miss)}`);
  if (unjudged.length > 0) {
    console.log(`Its index is below ${leastBenchmarkIndex}. Run it where nothing else runs.`);
  }
  if (missed.length + unjudged.length === 0 && screens.some(({ form }) => form === 'desktop')) {
    console.log('Every gate is reached.');
  }
}

function printRow(route, form, cellOf) {
  const cells = columns.map((column) => String(cellOf(column)).padStart(7));
  console.log(route.padEnd(18) + form.padEnd(9) + cells.join(''));
}

function sentence({ route, figure, got, wanted, costs }) {
  return `${route}: ${figure} is ${got}, wanted ${wanted}${costs.length > 0 ? `; ${costs.join(', ')}` : ''}`;
}

function ms(value) {
  return Math.round(value);
}
