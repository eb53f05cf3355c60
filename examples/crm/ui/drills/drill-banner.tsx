'use client';

import type { DrillState } from '@/lib/drills/drill-types';
import { StatusMark } from '../status-mark';
import styles from './drill-banner.module.css';
import { DrillForm } from './drill-form';
import { useDrill } from './use-drill';

interface DrillBannerProps {
  readonly first: DrillState;
  /** When it stood so. */
  readonly atMs: number;
  readonly returnTo: string;
}

/** Says what is broken and counts what that does, in the flow, until it is mended. Only its beginning is read out. */
export function DrillBanner({ first, atMs, returnTo }: DrillBannerProps) {
  const { drill, nowMs } = useDrill(first, atMs);
  const { name, title, holds, broken, startedAtMs = nowMs, endsAtMs = nowMs, requests, failed } = drill;
  return (
    <section className={styles.place} aria-label={`Drill: ${title}`}>
      <div className={styles.banner}>
        <div className={styles.words}>
          <StatusMark shape="triangle" tone="warn">
            <strong className={styles.count}>
              {broken} {seconds(nowMs - startedAtMs)}, {count(requests, 'request')}, {failed} failed
            </strong>
          </StatusMark>
          <p>
            <span role="status">{holds}</span> Mended by itself in {seconds(endsAtMs - nowMs)}.
          </p>
        </div>
        <DrillForm name={name} action="stop" label="Restore" returnTo={returnTo} />
      </div>
    </section>
  );
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1_000))} s`;
}

function count(amount: number, thing: string): string {
  return `${amount.toLocaleString('en')} ${thing}${amount === 1 ? '' : 's'}`;
}
