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

export function printReport({ url, runs, screens, missed, unjudged }) {
  console.log(
    `\n${url}, median of ${runs}. Times in ms, throttled but for load; index is how fast this machine is.\n`,
  );
  const cells = (first, form, rest) =>
    console.log(first.padEnd(18) + form.padEnd(9) + rest.map((cell) => String(cell).padStart(7)).join(''));
  cells(
    'route',
    'form',
    columns.map(([name]) => name),
  );
  for (const screen of screens)
    cells(
      screen.route,
      screen.form,
      columns.map(([, of]) => of(screen)),
    );
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

function sentence({ route, figure, got, wanted, costs }) {
  return `${route}: ${figure} is ${got}, wanted ${wanted}${costs.length > 0 ? `; ${costs.join(', ')}` : ''}`;
}

function ms(value) {
  return Math.round(value);
}
