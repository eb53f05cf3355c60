import { exactly } from '../lib/exactly.mjs';
import { quantile } from '../lib/http-load.mjs';
import { medianOf, ratioOf } from '../lib/rounds.mjs';
import { short, times } from '../lib/table.mjs';
import { voidBecause } from '../lib/void-because.mjs';
import { roles } from './contestants.mjs';

/** Added to the p50 of the 10 ms route at most; the goal is half of it. */
const bar = 0.1;
const goal = 0.05;

/** A table of a route, and pictures of what a request takes. */
export function show(report, title, { cpuUs, redisUs, tookMs }) {
  const names = Object.keys(cpuUs);
  const at = (name, share) => short(quantile(tookMs[name], share));
  const rows = names.map((name) => [
    name,
    short(medianOf(cpuUs[name])),
    `${short(Math.min(...cpuUs[name]))}–${short(Math.max(...cpuUs[name]))}`,
    times(ratioOf(cpuUs, name, 'assembled')),
    short(medianOf(redisUs[name])),
    at(name, 0.5),
    name === 'bare' ? '' : percent(addedAt(tookMs, name, 0.5)),
    at(name, 0.95),
    at(name, 0.99),
  ]);
  const head = [
    title,
    'CPU µs a request, median',
    'range',
    'to assembled',
    'Redis µs',
    'p50 ms',
    'added to bare',
    'p95 ms',
    'p99 ms',
  ];
  report.table(title, head, rows);
  // The whole beside the whole, and who does not trace beside who does not.
  const isTraced = (name) => !name.endsWith('-without-tracing');
  draw(`${title}: processor time of one request`, names.filter(isTraced));
  const untraced = names.filter((name) => roles[name] === 'limit' || !isTraced(name));
  if (!untraced.every(isTraced)) draw(`${title}: processor time of one request, without tracing`, untraced);

  function draw(pictureTitle, drawn) {
    report.bars({
      title: pictureTitle,
      unit: 'µs',
      bars: drawn.map((name) => ({
        name,
        role: roles[name],
        median: medianOf(cpuUs[name]),
        least: Math.min(...cpuUs[name]),
        most: Math.max(...cpuUs[name]),
      })),
    });
  }
}

/** What the whole takes, and how much less it takes without each of its parts. */
export function showParts(report, parts, { cpuUs, redisUs, tookMs }) {
  const at = (name, share) => quantile(tookMs[name], share);
  const rows = Object.keys(cpuUs).map((name) => [
    name,
    ...[medianOf(cpuUs[name]), medianOf(redisUs[name]), at(name, 0.5)].map((value) => short(value)),
    name === 'bare' ? '' : percent(addedAt(tookMs, name, 0.5)),
    short(at(name, 0.95)),
  ]);
  report.table(
    'With and without',
    ['', 'CPU µs a request, median', 'Redis µs', 'p50 ms', 'added to bare', 'p95 ms'],
    rows,
  );
  report.bars({
    title: 'Less at the median of the whole stack, without one of its parts',
    unit: 'ms',
    bars: parts.map((part) => exactly(part, 'ours', at('unite', 0.5) - at(`unite-without-${part}`, 0.5))),
  });
}

export function claimsOf(report, title, { cpuUs, tookMs }) {
  const cpu = ratioOf(cpuUs, 'unite', 'assembled');
  report.claim(`${title}: less CPU a request than the assembly`, cpu.median < 1, {
    isOfMachine: true,
    figure: times(cpu),
    whyMissed: 'spans are the largest part of both, made by the same SDK, and what is left is about even',
  });

  const p95 = (name) => quantile(tookMs[name], 0.95);
  const apartMs = Math.abs(p95('unite') - p95('assembled'));
  claimUnlessVoid(`${title}: lower p95 than the assembly`, p95('unite') < p95('assembled'), {
    figure: `${short(p95('unite'))} ms, ${short(p95('assembled'))} ms`,
    noise: Math.abs(p95('bare') - p95('bare-again')),
    difference: apartMs,
    unit: (ms) => `${short(ms)} ms`,
  });

  if (!title.startsWith('reference')) return;
  const added = addedAt(tookMs, 'unite', 0.5);
  claimUnlessVoid(
    `${title}: at most ${percent(bar)} added to the p50 of the bare handler, goal ${percent(goal)}`,
    added <= bar,
    {
      whyMissed:
        'what is added is processor time, spans the most of it (stack-parts says what each part adds), and the rest of the route waits no longer where the processor is slow',
      figure: `${percent(added)}; the assembly ${percent(addedAt(tookMs, 'assembled', 0.5))}`,
      noise: Math.abs(addedAt(tookMs, 'bare-again', 0.5)),
      difference: bar,
      unit: percent,
    },
  );

  function claimUnlessVoid(text, holds, { noise, difference, unit, ...told }) {
    report.claim(text, holds, { isOfMachine: true, ...told, ...voidBecause(noise, difference / 3, unit) });
  }
}

/** What a contestant adds to the bare handler, as a share of it. */
function addedAt(tookMs, name, share) {
  const bare = quantile(tookMs.bare, share);
  return (quantile(tookMs[name], share) - bare) / bare;
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
