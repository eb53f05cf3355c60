import { barsChart } from './charts/bars-chart.mjs';
import { curveChart } from './charts/curve-chart.mjs';
import { figure } from './charts/figures.mjs';
import { markdownTable } from './markdown-table.mjs';
import { claimRow } from './verdict.mjs';

/**
 * What one bench showed: its claims, then tables and pictures in its own order.
 *
 * @param {import('./result.mjs').Result} result
 * @param {Map<string, string>} charts gets the pictures, by the names of their files
 */
export function section(result, charts) {
  const { name, title, about, claims, sections, measured } = result;
  const claimed = claims.length > 0 ? [markdownTable(['Claim', 'figure', ''], claims.map(claimRow))] : [];
  let pictures = 0;
  const parts = sections.map((one, index) => {
    if (one.kind === 'note') return one.text;
    if (one.kind === 'table') return `**${one.title}**\n\n${markdownTable(one.head, one.rows)}`;
    pictures += 1;
    const file = `${name}-${pictures}.svg`;
    charts.set(file, one.kind === 'bars' ? barsChart(one) : curveChart(one));
    const before = sections[index - 1];
    const isTold = before?.kind === 'table' && before.title === one.title;
    const picture = `![${one.title.replace(/[[\]]/g, '')}](benchmarks/${file})`;
    return isTold ? picture : `${picture}\n\n${figuresOf(one)}`;
  });
  return [`### ${title}`, about, `*${whenOf(name, measured)}*`, ...claimed, ...parts].join('\n\n');
}

/** The picture as a table, for those who do not see it. @param {import('./result.mjs').Bars | import('./result.mjs').Curve} chart */
function figuresOf(chart) {
  const rows =
    chart.kind === 'bars'
      ? chart.bars.map(({ name, ...point }) => [name, ...spread(point)])
      : chart.series.flatMap(({ name, points }) =>
          points.map((point) => [name, figure(point.x), ...spread(point)]),
        );
  const unit = chart.kind === 'bars' ? [chart.unit] : [chart.x, chart.y];
  const inWords = markdownTable(['', ...unit, 'least', 'most'], rows);
  return `<details><summary>Table</summary>\n\n${inWords}\n\n</details>`;
}

/** @param {{ median: number, least: number, most: number }} point */
function spread({ median, least, most }) {
  return [median, least, most].map(figure);
}

/** @param {string} name @param {import('./result.mjs').Measured} measured */
function whenOf(name, { at, commit, seconds, loadBefore, loadAfter }) {
  const took = seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `\`npm run bench -- ${name}\`: ${at.replace('T', ' ').replace('Z', ' UTC')}, ${took}, commit ${commit}, load average ${loadBefore} before and ${loadAfter} after`;
}
