import type { CostDocument, CostShareDocument } from '@unite/quota/next';
import { demoModel } from '@/lib/scoring/demo-model';
import { count, dollars } from './amounts';
import styles from './panels.module.css';

const month = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' });

/** What this month has cost, and by which model. */
export function CostPanel({ cost }: { readonly cost: CostDocument | null }) {
  if (!cost) return null;
  const calls = cost.byUnit.filter(({ name }) => name === 'apiCalls');
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="cost">
      <div className={styles.head}>
        <h2 id="cost">Cost in {month.format(cost.startAtMs)}</h2>
      </div>
      <p className={styles.figure}>{dollars(cost.totalUsd)}</p>
      <p className="meta">{`At this pace ${dollars(cost.forecastUsd)} by the end of the month.`}</p>
      <table className={styles.table}>
        <caption className="hidden-visually">By model, and of API calls</caption>
        <thead>
          <tr>
            <th scope="col">For</th>
            <th scope="col">Amount</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {cost.byModel.map((share) => (
            <Line key={share.name} share={share} unit="tokens">
              <code>{share.name}</code>
              {share.name === demoModel && <span className="meta"> demo price</span>}
            </Line>
          ))}
          {cost.byModel.length === 0 && (
            <tr>
              <td colSpan={3} className="muted">
                No contact was scored yet this month.
              </td>
            </tr>
          )}
          {calls.map((share) => (
            <Line key={share.name} share={share} unit="calls">
              API calls
            </Line>
          ))}
        </tbody>
      </table>
      {cost.unpriced > 0 && (
        <p className="meta">{`Of ${count(cost.unpriced)} uses the price is not known; the total is too low by what they cost.`}</p>
      )}
    </section>
  );
}

function Line({
  share: { amount, costUsd },
  unit,
  children,
}: {
  readonly share: CostShareDocument;
  readonly unit: string;
  readonly children: React.ReactNode;
}) {
  return (
    <tr>
      <th scope="row">{children}</th>
      <td>
        {count(amount)} <span className="meta">{unit}</span>
      </td>
      <td>{dollars(costUsd)}</td>
    </tr>
  );
}
