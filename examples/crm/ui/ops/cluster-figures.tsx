import type { ClusterStatus } from '@unite/db-ha';
import styles from './cluster-figures.module.css';

/** The cluster as a whole, and what happened since this process started. */
export function ClusterFigures({ cluster }: { readonly cluster: ClusterStatus }) {
  const { counts, primary, waitingWrites, timeline, systemId } = cluster;
  const reads = counts.replicaReads + counts.primaryReads;
  const share = reads === 0 ? undefined : Math.round((counts.replicaReads / reads) * 100);
  return (
    <section className={`panel ${styles.panel}`} aria-labelledby="figures">
      <h2 id="figures">Since this process started</h2>
      <dl className={styles.figures}>
        <Figure name="Reads from replicas" value={counts.replicaReads}>
          {share === undefined ? 'no read yet' : `${share} % of ${reads.toLocaleString('en')}`}
        </Figure>
        <Figure name="Reads from the primary" value={counts.primaryReads} />
        <Figure
          name="Writes waiting now"
          value={waitingWrites}
          tone={waitingWrites > 0 ? 'warn' : undefined}
        />
        <Figure name="Failovers" value={counts.failovers} />
        <Figure
          name="Retried"
          value={counts.retriedReads + counts.retriedWrites + counts.retriedTransactions}
        >
          reads {counts.retriedReads}, writes {counts.retriedWrites}, transactions{' '}
          {counts.retriedTransactions}
        </Figure>
        <Figure
          name="Outcome unknown"
          value={counts.unknownCommits}
          tone={counts.unknownCommits > 0 ? 'warn' : undefined}
        />
      </dl>
      <dl className={styles.identity}>
        <div>
          <dt>Primary</dt>
          <dd>{primary ? <code>{primary}</code> : 'none'}</dd>
        </div>
        <div>
          <dt>Timeline</dt>
          <dd>{timeline ?? '–'}</dd>
        </div>
        <div>
          <dt>System id</dt>
          <dd>
            <code>{systemId ?? '–'}</code>
          </dd>
        </div>
      </dl>
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: number;
  readonly tone?: 'warn' | undefined;
  readonly children?: React.ReactNode;
}

function Figure({ name, value, tone, children }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className={`${styles.value} ${tone ? styles[tone] : ''}`}>{value.toLocaleString('en')}</span>
        {children && <span className={styles.note}>{children}</span>}
      </dd>
    </div>
  );
}
