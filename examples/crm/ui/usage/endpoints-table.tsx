import type { CostDocument } from '@unite/quota/next';
import { count, dollars } from './amounts';
import styles from './panels.module.css';

const shown = 8;

/** Where it was used, the dearest first. */
export function EndpointsTable({ cost }: { readonly cost: CostDocument | null }) {
  const routes = cost?.byRoute ?? [];
  const most = Math.max(...routes.map(({ costUsd }) => Number(costUsd)), 0);
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="endpoints">
      <div className={styles.head}>
        <h2 id="endpoints">Endpoints</h2>
        <p className="meta">
          {routes.length > shown ? `The ${shown} dearest of ${routes.length} this month` : 'This month'}
        </p>
      </div>
      {routes.length === 0 ? (
        <p className={styles.empty}>
          No call yet this month. Anything that asks the API shows up here within seconds.
        </p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Endpoint</th>
              <th scope="col" title="A unit is a call or a token">
                Units
              </th>
              <th scope="col">Cost</th>
              <th scope="col" className={styles.shareColumn}>
                <span className="hidden-visually">Share</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {routes.slice(0, shown).map(({ name, amount, costUsd }) => (
              <tr key={name}>
                <th scope="row">
                  <Endpoint name={name} />
                </th>
                <td>{count(amount)}</td>
                <td>{dollars(costUsd)}</td>
                <td className={styles.shareColumn} aria-hidden="true">
                  <svg
                    aria-hidden="true"
                    className={styles.share}
                    viewBox="0 0 100 1"
                    preserveAspectRatio="none"
                  >
                    <rect width={most === 0 ? 0 : (100 * Number(costUsd)) / most} height="1" />
                  </svg>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** `GET /api/contacts/[id]`, the method apart. */
function Endpoint({ name }: { readonly name: string }) {
  const [method = '', ...path] = name.split(' ');
  return (
    <code className={styles.endpoint}>
      <span className={styles.method}>{method}</span> {path.join(' ')}
    </code>
  );
}
