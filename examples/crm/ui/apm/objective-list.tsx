import type { SloReport } from '@unite/apm';
import { StatusMark } from '../status-mark';
import styles from './panels.module.css';

const marks = {
  ok: { shape: 'check', tone: 'ok', says: 'Kept' },
  warning: { shape: 'half', tone: 'warn', says: 'Burning' },
  page: { shape: 'triangle', tone: 'critical', says: 'Burning fast' },
  'no-data': { shape: 'dashed', tone: 'muted', says: 'No requests' },
} as const;

const windows = ['5m', '1h', '6h'] as const;

/** What was promised, and how fast the room for failures is used up. */
export function ObjectiveList({ slos }: { readonly slos: readonly SloReport[] }) {
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="objectives">
      <div className={styles.head}>
        <h2 id="objectives">Objectives</h2>
        <p className="meta">A burn rate of 1 uses up what may fail exactly at the end of the window</p>
      </div>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Objective</th>
            <th scope="col" className={styles.state}>
              State
            </th>
            <th scope="col">Good</th>
            {windows.map((window) => (
              <th scope="col" key={window} className={styles.wide}>
                Burn, {window}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {slos.map(({ slo, counts, burnRates, state }) => (
            <tr key={slo.name}>
              <th scope="row">
                {slo.name}
                <span className={styles.note}>{promiseOf(slo)}</span>
              </th>
              <td className={styles.state}>
                <StatusMark shape={marks[state].shape} tone={marks[state].tone}>
                  {marks[state].says}
                </StatusMark>
              </td>
              <td>{counts.total === 0 ? '–' : share(counts.good / counts.total)}</td>
              {windows.map((window) => (
                <td key={window} className={styles.wide}>
                  {rate(burnRates[window])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** `99 % of all requests under 200 ms, in 30 days`. */
function promiseOf({ route, target, underMs, windowDays }: SloReport['slo']): string {
  const which = route === '*' ? 'all requests' : route;
  const good = underMs === undefined ? 'without a failure' : `under ${underMs.toLocaleString('en')} ms`;
  return `${share(target)} of ${which} ${good}, in ${windowDays} days`;
}

function share(part: number): string {
  return `${(part * 100).toLocaleString('en', { maximumFractionDigits: 2 })} %`;
}

function rate(burn: number | undefined): string {
  return burn === undefined ? '–' : burn.toLocaleString('en', { maximumFractionDigits: 1 });
}
