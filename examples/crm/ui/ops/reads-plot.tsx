import type { ReadRate } from './read-rates';
import styles from './reads-chart.module.css';
import { timeOfDay } from './units';

/** Of the drawing; it is stretched to the room there is. */
const height = 100;

const series = [
  { key: 'replicas', label: 'replicas' },
  { key: 'primary', label: 'primary' },
] as const;

export interface ReadsPlotProps {
  /** One a second, the newest last; what is not known is a gap. */
  readonly rates: readonly (ReadRate | undefined)[];
  /** How many seconds it has room for. */
  readonly width: number;
}

/** The drawing of {@link ReadsChart}, and its table. */
export function ReadsPlot({ rates, width }: ReadsPlotProps) {
  const last = rates.at(-1);
  const top = niceTop(Math.max(1, ...rates.flatMap((rate) => (rate ? [rate.replicas, rate.primary] : []))));
  return (
    <>
      <div className={styles.plot}>
        <span className={styles.top}>{top.toLocaleString('en')}</span>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          <path className={styles.grid} d={`M0 0H${width}M0 ${height / 2}H${width}M0 ${height}H${width}`} />
          {series.map(({ key }) => (
            <path key={key} className={styles[key]} d={line({ rates, width }, key, top)} />
          ))}
        </svg>
        <ul className={styles.ends}>
          {endsFromTop(last).map(({ key, label }) => (
            <li key={key} className={styles[`${key}End`]}>
              <strong>{last ? rounded(last[key]) : '–'}</strong> {label}
            </li>
          ))}
        </ul>
      </div>
      <p className={styles.axis}>
        <span>2 min ago</span>
        <span>now</span>
      </p>
      <RatesTable rates={rates} />
    </>
  );
}

/** The same for whoever reads rather than looks. */
function RatesTable({ rates }: { readonly rates: readonly (ReadRate | undefined)[] }) {
  const rows = rates
    .filter((rate) => rate !== undefined)
    .slice(-10)
    .reverse();
  return (
    <details className={styles.table}>
      <summary>Table</summary>
      <table>
        <caption className="hidden-visually">Reads a second, the last {rows.length} seconds</caption>
        <thead>
          <tr>
            <th scope="col">Time, UTC</th>
            <th scope="col">Replicas</th>
            <th scope="col">Primary</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ atMs, replicas, primary }) => (
            <tr key={atMs}>
              <th scope="row">{timeOfDay(atMs)}</th>
              <td>{rounded(replicas)}</td>
              <td>{rounded(primary)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="meta">The last 10 of {rates.length} points.</p>
    </details>
  );
}

/** The series, the higher end first. */
function endsFromTop(last: ReadRate | undefined) {
  return last && last.primary > last.replicas ? series.toReversed() : series;
}

/** A path whose newest point is at the right edge; what is not known is left out. */
function line({ rates, width }: ReadsPlotProps, key: 'replicas' | 'primary', top: number): string {
  let isDrawing = false;
  return rates
    .map((rate, index) => {
      if (!rate) {
        isDrawing = false;
        return '';
      }
      const x = width - (rates.length - 1 - index);
      const y = height - (rate[key] / top) * height;
      const step = `${isDrawing ? 'L' : 'M'}${x} ${y.toFixed(1)}`;
      // A point with no neighbour is a dot: a line of no length, with round ends.
      const isAlone = !isDrawing && !rates[index + 1];
      isDrawing = true;
      return isAlone ? `${step}h0` : step;
    })
    .join('');
}

/** 1, 2 or 5 times a power of ten, at or above `value`. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

function rounded(rate: number): string {
  return rate > 0 && rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString('en');
}
