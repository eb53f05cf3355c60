'use client';

import type { PlanOffer } from '@/lib/usage/plan-offers';
import type { UsageDocument } from '@/lib/usage/usage-document';
import { EmptyState } from '../empty-state';
import { LiveSign } from '../live-sign';
import { CostPanel } from './cost-panel';
import { EndpointsTable } from './endpoints-table';
import { MeterCard } from './meter-card';
import { metersOf } from './meters';
import { Refusals } from './refusals';
import { UpgradeCard } from './upgrade-card';
import styles from './usage-board.module.css';
import { useUsage } from './use-usage';

export interface UsageBoardProps {
  /** Absent where it could not be read when the page was made. */
  readonly first: UsageDocument | undefined;
  readonly offers: readonly PlanOffer[];
}

/** A workspace's usage, live; without JavaScript, as it was when the page was made. */
export function UsageBoard({ first, offers }: UsageBoardProps) {
  const { usage, ...live } = useUsage(first);
  if (!usage) {
    return (
      <EmptyState title="The usage cannot be read right now">
        <div role="status" className={styles.waiting}>
          {live.mode === 'ended'
            ? live.reason
            : 'The store that counts does not answer. It is asked again every few seconds.'}
        </div>
      </EmptyState>
    );
  }
  const meters = metersOf(usage);
  return (
    <div className={styles.board}>
      <LiveSign {...live} atMs={usage.atMs} />
      <ul className={styles.meters} aria-label="Used of the plan">
        {meters.map((meter) => (
          <MeterCard key={meter.name} meter={meter} />
        ))}
      </ul>
      <p role="status" className="hidden-visually">
        {meters
          .filter(({ level }) => level === 'full')
          .map(({ label }) => `${label}: used up.`)
          .join(' ')}
      </p>
      <Refusals meters={meters} />
      <div className={styles.lower}>
        <EndpointsTable cost={usage.cost} />
        <div className={styles.side}>
          <UpgradeCard usage={usage} offers={offers} />
          <CostPanel cost={usage.cost} />
        </div>
      </div>
    </div>
  );
}
