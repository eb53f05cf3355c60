import { axis } from './axis.mjs';
import { figure, tickLabel } from './figures.mjs';
import { chartWidth, place, stroke, svg, text } from './svg.mjs';
import { wrapped } from './wrapped.mjs';

const margin = 20;
const [left, right] = [margin + 56, chartWidth - margin - 200];
const plotHeight = 280;
const labelCharacters = 27;
const lineHeight = 15;
/** In the order of the peers; ours is one line without gaps. */
const dashes = ['7 4', '2 4', '10 4 2 4'];

/**
 * How cost grows with work: a line through the medians of each contestant, and a band over their range.
 *
 * @param {import('../../../../bench/lib/report-types').CurveChart} chart
 */
export function curveChart({ title, x, y, isLog = false, series }) {
  const titleLines = wrapped(title, 100);
  const top = margin + titleLines.length * 20 + 30;
  const bottom = top + plotHeight;
  const points = series.flatMap((one) => one.points);
  const across = axis({ values: points.map((point) => point.x), from: left, to: right, isLog });
  const up = axis({
    values: points.flatMap(({ least, most }) => (isLog ? [least, most] : [most])),
    from: bottom,
    to: top,
    isLog,
  });
  const lines = withLooks(series).map((one) => ({
    ...one,
    names: wrapped(one.name, labelCharacters),
    endsAt: up.at(one.points.at(-1)?.median ?? 0),
  }));
  return svg({
    title,
    description: `${y} by ${x}. ${series.map(spoken).join('; ')}.`,
    height: bottom + 56,
    body: [
      ...titleLines.map((line, index) =>
        text(margin, margin + 14 + index * 20, line, { className: 'title' }),
      ),
      text(margin, margin + 14 + titleLines.length * 20, `${y}, median and range of the rounds`, {
        className: 'muted',
      }),
      ...up.ticks.flatMap((tick) => [
        stroke('grid', `M${left} ${place(up.at(tick))}H${right}`),
        text(left - 8, up.at(tick) + 4, tickLabel(tick), { className: 'muted', anchor: 'end' }),
      ]),
      ...across.ticks.flatMap((tick) => [
        stroke('grid', `M${place(across.at(tick))} ${bottom}v5`),
        text(across.at(tick), bottom + 20, tickLabel(tick), { className: 'muted', anchor: 'middle' }),
      ]),
      text((left + right) / 2, bottom + 42, x, { className: 'muted', anchor: 'middle' }),
      ...lines.map((line) => drawn(line, across, up)),
      ...apart(lines, top, bottom).flatMap(({ role, look, names, endsAt, labelAt }) => [
        `<g class="${look}">${stroke('leader', `M${right + 3} ${place(endsAt)}L${right + 16} ${place(labelAt)}`)}</g>`,
        ...names.map((name, index) =>
          text(right + 20, labelAt + 4 + index * lineHeight, name, {
            className: role === 'ours' ? 'strong' : '',
          }),
        ),
      ]),
    ],
  });
}

/** @param {{ name: string, points: readonly import('../../../../bench/lib/report-types').Point[] }} one */
function spoken({ name, points }) {
  return `${name}: ${points.map((point) => `${figure(point.median)} at ${figure(point.x)}`).join(', ')}`;
}

/**
 * A colour and a pattern for each line: the first peer's is orange, the next ones' are ink with other dashes.
 *
 * @template {{ role: string }} Series
 * @param {readonly Series[]} series
 */
function withLooks(series) {
  const counts = { ours: 0, peer: 0, limit: 0 };
  return series.map((one) => {
    const role = /** @type {keyof typeof counts} */ (one.role);
    const count = counts[role]++;
    const dash = role === 'ours' ? (count === 0 ? '' : dashes[count - 1]) : dashes[count % dashes.length];
    return { ...one, look: role === 'peer' && count > 0 ? 'other' : role, dash: dash ?? '' };
  });
}

/**
 * @param {{ look: string, dash: string, points: readonly import('../../../../bench/lib/report-types').Point[] }} line
 * @param {ReturnType<typeof axis>} across
 * @param {ReturnType<typeof axis>} up
 */
function drawn({ look, dash, points }, across, up) {
  const path = (/** @type {readonly (readonly [number, number])[]} */ places) =>
    places.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${place(x)} ${place(y)}`).join('');
  const at = (/** @type {'median' | 'least' | 'most'} */ which) =>
    points.map((point) => /** @type {const} */ ([across.at(point.x), up.at(point[which])]));
  return [
    `<g class="${look}">`,
    stroke('band', `${path([...at('most'), ...at('least').toReversed()])}Z`),
    `<path class="line"${dash && ` stroke-dasharray="${dash}"`} d="${path(at('median'))}"/>`,
    ...at('median').map(([x, y]) => `<circle class="dot" cx="${place(x)}" cy="${place(y)}" r="3"/>`),
    '</g>',
  ].join('');
}

/**
 * Labels at the ends of their lines, moved until none covers another.
 *
 * @template {{ names: readonly string[], endsAt: number }} Line
 * @param {readonly Line[]} lines @param {number} top @param {number} bottom
 */
function apart(lines, top, bottom) {
  let next = top;
  const labels = lines
    .toSorted((one, other) => one.endsAt - other.endsAt)
    .map((line) => {
      const labelAt = Math.max(next, line.endsAt - ((line.names.length - 1) * lineHeight) / 2);
      next = labelAt + line.names.length * lineHeight + 5;
      return { ...line, labelAt };
    });
  // The last ones may stand below the plot by now.
  let room = bottom;
  return labels.toReversed().map((label) => {
    const labelAt = Math.min(label.labelAt, room - (label.names.length - 1) * lineHeight);
    room = labelAt - lineHeight - 5;
    return { ...label, labelAt };
  });
}
