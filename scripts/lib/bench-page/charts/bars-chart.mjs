import { axis } from './axis.mjs';
import { figure, tickLabel } from './figures.mjs';
import { chartWidth, place, stroke, svg, text } from './svg.mjs';
import { wrapped } from './wrapped.mjs';

const margin = 20;
const namesWidth = 250;
const valuesWidth = 104;
const [left, right] = [margin + namesWidth, chartWidth - margin - valuesWidth];
const barHeight = 18;
const lineHeight = 16;
/** Ours are written in bold, which is wider. */
const nameCharacters = { ours: 29, peer: 33, limit: 33 };
/** A single slow round would press all bars to the edge: its whisker is cut, with an arrow. */
const mostToMedian = 1.6;

/**
 * Medians as bars, the range of their rounds as whiskers.
 *
 * @param {import('../../../../bench/lib/report-types').BarsChart} chart
 */
export function barsChart({ title, unit, isLog = false, better = 'less', bars }) {
  const titleLines = wrapped(title, 100);
  const top = margin + titleLines.length * 20 + 30;
  const largest = Math.max(...bars.map(({ median }) => median));
  const scale = axis({
    values: bars.flatMap(({ least, median, most }) => (isLog ? [least, median, most] : [median, most])),
    from: left,
    to: right,
    isLog,
    limit: largest * mostToMedian,
  });
  let y = top;
  const rows = bars.map((bar) => {
    const names = wrapped(bar.name, nameCharacters[bar.role]);
    const height = Math.max(barHeight + 14, names.length * lineHeight + 12);
    const row = { bar, names, middle: y + height / 2 };
    y += height;
    return row;
  });
  const bottom = y + 4;
  const what = [
    unit,
    ...(better === 'neither' ? [] : [better === 'more' ? 'longer is better' : 'shorter is better']),
  ];
  const hasRange = bars.some(({ least, most }) => least < most);
  return svg({
    title,
    description: `${what.join(', ')}. ${bars.map(spoken).join('; ')}.`,
    height: bottom + 40,
    body: [
      ...titleLines.map((line, index) =>
        text(margin, margin + 14 + index * 20, line, { className: 'title' }),
      ),
      text(
        margin,
        margin + 14 + titleLines.length * 20,
        `${what[0]}${hasRange ? ', median and range of the rounds' : ''}${what[1] ? `; ${what[1]}` : ''}`,
        { className: 'muted' },
      ),
      ...key(margin + titleLines.length * 20 + 4, bars),
      ...scale.ticks.flatMap((tick) => [
        stroke('grid', `M${place(scale.at(tick))} ${top - 2}V${bottom}`),
        text(scale.at(tick), bottom + 18, tickLabel(tick), { className: 'muted', anchor: 'middle' }),
      ]),
      ...rows.flatMap((row) => drawn(row, scale)),
    ],
  });
}

/** @param {import('../../../../bench/lib/report-types').Bar} bar */
function spoken({ name, median, least, most }) {
  return `${name}: ${figure(median)}, from ${figure(least)} to ${figure(most)}`;
}

/** What the patterns mean, of those that are there. @param {number} y @param {readonly { role: string }[]} bars */
function key(y, bars) {
  const words = { ours: 'Unite', peer: 'peer', limit: 'limit' };
  let x = chartWidth - margin;
  const parts = [];
  for (const [role, word] of Object.entries(words).reverse()) {
    if (!bars.some((bar) => bar.role === role)) continue;
    x -= word.length * 6.4;
    parts.push(text(x, y + 10, word, { className: 'muted' }));
    x -= 22;
    parts.push(...box(role, x, y, 16, 11));
    x -= 16;
  }
  return parts;
}

/**
 * @param {{ bar: import('../../../../bench/lib/report-types').Bar, names: readonly string[], middle: number }} row
 * @param {ReturnType<typeof axis>} scale
 */
function drawn({ bar, names, middle }, scale) {
  const { role, median, least, most } = bar;
  const start = scale.at(0);
  const ends = { least: scale.at(least), most: scale.at(most) };
  const whisker = `M${place(ends.least)} ${place(middle)}H${place(ends.most)}M${place(ends.least)} ${place(middle - 5)}v10`;
  const tip =
    most > scale.most
      ? `M${place(ends.most - 5)} ${place(middle - 5)}l5 5l-5 5`
      : `M${place(ends.most)} ${place(middle - 5)}v10`;
  const firstLine = middle + 4.5 - ((names.length - 1) * lineHeight) / 2;
  return [
    ...names.map((line, index) =>
      text(left - 12, firstLine + index * lineHeight, line, {
        className: role === 'ours' ? 'strong' : '',
        anchor: 'end',
      }),
    ),
    ...box(role, start, middle - barHeight / 2, Math.max(1, scale.at(median) - start), barHeight),
    ...(most > least ? [stroke('halo', whisker + tip), stroke('range', whisker + tip)] : []),
    text(Math.max(ends.most, scale.at(median)) + 9, middle + 4.5, figure(median), {
      className: role === 'ours' ? 'strong' : '',
    }),
  ];
}

/** @param {string} role @param {number} x @param {number} y @param {number} width @param {number} height */
function box(role, x, y, width, height) {
  const at = `x="${place(x)}" y="${place(y)}" width="${place(width)}" height="${height}" rx="2"`;
  if (role === 'ours') return [`<g class="ours"><rect class="solid" ${at}/></g>`];
  if (role === 'limit') return [`<g class="limit"><rect class="hollow" ${at}/></g>`];
  return [`<g class="peer"><rect class="tint" ${at}/><rect fill="url(#hatch)" ${at}/></g>`];
}
