import { Suspense } from 'react';
import type { ClusterReport } from '@/lib/ops/cluster-report';
import { whenShown } from '../when-shown';
import { readRates } from './read-rates';
import styles from './reads-chart.module.css';

/** There is nothing to draw until the second report, a second after the screen was opened. */
const ReadsPlot = whenShown(() => import('./reads-plot').then((module) => module.ReadsPlot));

const shownSeconds = 120;

/** Reads a second, by who served them, since this screen was opened. */
export function ReadsChart({ reports }: { readonly reports: readonly ClusterReport[] }) {
  const rates = readRates(reports).slice(-shownSeconds);
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="reads">
      <h2 id="reads">Reads a second</h2>
      {rates.length === 0 ? (
        <Waiting />
      ) : (
        <Suspense fallback={<Waiting />}>
          <ReadsPlot rates={rates} width={shownSeconds} />
        </Suspense>
      )}
    </section>
  );
}

function Waiting() {
  return <p className={styles.waiting}>Drawn from here on, one point a second, for two minutes.</p>;
}
