'use client';

import type { ClusterReport } from '@/lib/ops/cluster-report';
import { LiveSign } from '../live-sign';
import styles from './cluster-board.module.css';
import { ClusterFigures } from './cluster-figures';
import { NodeCard } from './node-card';
import { ReadsChart } from './reads-chart';
import { useClusterReports } from './use-cluster-reports';
import { verdictOf } from './verdict';
import { VerdictBanner } from './verdict-banner';

/** The cluster, live; without JavaScript, as it was when the page was made. */
export function ClusterBoard({ first }: { readonly first: ClusterReport }) {
  const live = useClusterReports(first);
  const { atMs, cluster } = live.latest;
  return (
    <div className={styles.board}>
      <LiveSign {...live} atMs={atMs} />
      <VerdictBanner verdict={verdictOf(cluster)} />
      <ul className={styles.nodes} aria-label="Servers">
        {cluster.nodes.map((node) => (
          <NodeCard key={node.name} node={node} atMs={atMs} isWriter={node.name === cluster.primary} />
        ))}
      </ul>
      <div className={styles.lower}>
        <ReadsChart reports={live.reports} />
        <ClusterFigures cluster={cluster} />
      </div>
    </div>
  );
}
