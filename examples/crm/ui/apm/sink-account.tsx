import type { ApmReport } from '@/lib/ops/read-apm-report';
import { StatusMark } from '../status-mark';
import { count } from '../usage/amounts';
import styles from './panels.module.css';

/** What became of all that was captured: nothing is lost unseen. */
export function SinkAccount({ integrity, budget }: Pick<ApmReport, 'integrity' | 'budget'>) {
  const { sinks, lostRuns, isComplete, metrics } = integrity;
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="account">
      <div className={styles.head}>
        <h2 id="account">What became of it</h2>
        <StatusMark shape={isComplete ? 'check' : 'triangle'} tone={isComplete ? 'ok' : 'warn'}>
          {isComplete ? 'Nothing was lost' : 'Something was lost'}
        </StatusMark>
      </div>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Sink</th>
            <th scope="col">Given</th>
            <th scope="col">Sent</th>
            <th scope="col">Waiting</th>
            <th scope="col">Dropped</th>
          </tr>
        </thead>
        <tbody>
          {sinks.map(({ name, accepted, sent, queued, dropped }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{count(accepted)}</td>
              <td>{count(sent)}</td>
              <td>{count(queued)}</td>
              <td>{count(Object.values(dropped).reduce((sum, each) => sum + each, 0))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="meta">
        {count(metrics.series)} series, {count(metrics.overflowed)} values over their caps.{' '}
        {lostRuns.length > 0 && `${lostRuns.length} earlier runs ended without closing. `}
        {budget.ownMicrosPerRequest !== undefined &&
          `A request costs ${Math.round(budget.ownMicrosPerRequest)} µs of this.`}
      </p>
    </section>
  );
}
