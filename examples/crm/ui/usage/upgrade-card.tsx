import { planLabel } from '@/lib/plan-labels';
import type { PlanOffer } from '@/lib/usage/plan-offers';
import type { UsageDocument } from '@/lib/usage/usage-document';
import { count } from './amounts';
import styles from './panels.module.css';
import { upgradeFor } from './upgrade';

const rows = [
  ['apiCallsPerDay', 'API calls a day'],
  ['aiTokensPerDay', 'AI tokens a day'],
  ['contacts', 'Contacts'],
  ['campaigns', 'Campaigns'],
  ['customFields', 'Custom fields'],
] as const;

/** The plan that would suit better, and why; or that this one does. */
export function UpgradeCard({
  usage,
  offers,
}: {
  readonly usage: UsageDocument;
  readonly offers: readonly PlanOffer[];
}) {
  const upgrade = upgradeFor(usage, offers);
  const current = offers.find(({ plan }) => plan === usage.plan);
  if (!upgrade) {
    return (
      <section className={`panel ${styles.panel}`} aria-labelledby="plan">
        <h2 id="plan">{planLabel(usage.plan)} is enough</h2>
        <p className="muted">No limit is close, and none was in the way last month.</p>
      </section>
    );
  }
  const { offer, reason } = upgrade;
  return (
    <section className={`panel ${styles.panel} ${styles.upgrade}`} aria-labelledby="plan">
      <div className={styles.head}>
        <h2 id="plan">{offer.label} would suit better</h2>
        <p className="meta">${offer.monthlyUsd} a month</p>
      </div>
      <p>{reason}</p>
      <table className={styles.table}>
        <caption className="hidden-visually">
          {current?.label} and {offer.label}
        </caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{current?.label}</th>
            <th scope="col">{offer.label}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, label]) => (
            <tr key={name}>
              <th scope="row">{label}</th>
              <td className="muted">{most(current?.limits[name])}</td>
              <td>{most(offer.limits[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="meta">
        Plans are fixed in this demo. <a href="/">Choose a workspace</a> that is on another.
      </p>
    </section>
  );
}

function most(limit: number | null | undefined): string {
  return limit === null || limit === undefined ? 'no limit' : count(limit);
}
