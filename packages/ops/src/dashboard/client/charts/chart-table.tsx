import { exactTime, timeOfDay } from '../format/times';
import type { LineChartProps } from './line-chart';

const shownPoints = 20;

/** The same as the chart, for whoever reads rather than looks. */
export function ChartTable({ title, series, format }: Pick<LineChartProps, 'title' | 'series' | 'format'>) {
  const points = series[0]?.points ?? [];
  const rows = points.slice(-shownPoints).reverse();
  return (
    <details class="chart-table">
      <summary>
        Table<span class="hidden-visually"> of {title}</span>
      </summary>
      <table>
        <caption class="hidden-visually">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Time, UTC</th>
            {series.map(({ label }) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ atMs }, back) => (
            <tr key={atMs}>
              <th scope="row" title={exactTime(atMs)}>
                {timeOfDay(atMs)}
              </th>
              {series.map(({ label, points }) => {
                const value = points[points.length - 1 - back]?.value ?? null;
                return <td key={label}>{value === null ? '–' : format(value)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="meta">
        The last {rows.length} of {points.length} seconds.
      </p>
    </details>
  );
}
