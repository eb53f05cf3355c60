import { formatUsd } from '@unite/quota/cost';
import type { ApmReport } from '@/lib/ops/read-apm-report';
import { duration } from '../ops/units';
import { count, dollars } from '../usage/amounts';
import styles from './panels.module.css';

const shown = 12;

/** Rate, failures, duration and cost of each endpoint. */
export function RouteTable({ routes }: Pick<ApmReport, 'routes'>) {
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="endpoints">
      <div className={styles.head}>
        <h2 id="endpoints">Endpoints</h2>
        <p className="meta">
          {routes.length > shown ? `The ${shown} busiest of ${routes.length}` : 'Since the start'}; the cost
          is your workspace’s
        </p>
      </div>
      {routes.length === 0 ? (
        <p className={styles.empty}>No call yet. Open a screen, then come back.</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Endpoint</th>
              <th scope="col">Requests</th>
              <th scope="col">Failed</th>
              <th scope="col" className={styles.wide}>
                p50
              </th>
              <th scope="col">p95</th>
              <th scope="col" className={styles.wide}>
                p99
              </th>
              <th scope="col" className={styles.wide}>
                Cost
              </th>
            </tr>
          </thead>
          <tbody>
            {routes.slice(0, shown).map(({ route, requests, errors, p50Ms, p95Ms, p99Ms, costNanoUsd }) => (
              <tr key={route}>
                <th scope="row">
                  <code>{route}</code>
                </th>
                <td>{count(requests)}</td>
                <td className={errors > 0 ? styles.critical : undefined}>{count(errors)}</td>
                <td className={styles.wide}>{duration(p50Ms)}</td>
                <td>{duration(p95Ms)}</td>
                <td className={styles.wide}>{duration(p99Ms)}</td>
                <td className={styles.wide}>{dollars(formatUsd(costNanoUsd))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
