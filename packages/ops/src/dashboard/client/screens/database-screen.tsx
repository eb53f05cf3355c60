import type { DatabaseScreen as DatabaseData } from '../../screen-types';
import { count, counted, shareOf } from '../format/numbers';
import { CodeBlock } from '../ui/code-block';
import { EmptyState } from '../ui/empty-state';
import { Figures } from '../ui/figures';
import { Panel } from '../ui/panel';
import { VerdictMark } from '../ui/verdict-mark';
import { ChangePanel } from './change-panel';
import { NodePanel } from './node-panel';

/** Who is primary, how far behind are replicas? */
export function DatabaseScreen({ data }: { readonly data: DatabaseData }) {
  const { name, primary, refusal, timeline, waitingWrites, failovers, nodes, changes } = data;
  const { replicaReads, primaryReads } = data;
  const reads = replicaReads + primaryReads;
  if (nodes.length === 0) {
    return (
      <div class="panel">
        <EmptyState title="No node is known">
          <CodeBlock label="How to connect the database" code="createDashboard({ cluster: db })" />
        </EmptyState>
      </div>
    );
  }
  return (
    <div class="stack">
      <Panel
        title={`Cluster ${name}`}
        aside={
          primary === undefined ? (
            <VerdictMark verdict="down">No primary{refusal === undefined ? '' : `: ${refusal}`}</VerdictMark>
          ) : (
            <VerdictMark verdict="ok">{primary} takes the writes</VerdictMark>
          )
        }
      >
        <Figures
          figures={[
            {
              label: 'Reads by replicas',
              value: count(replicaReads),
              note: shareOf(replicaReads, reads),
            },
            { label: 'Reads by the primary', value: count(primaryReads), note: shareOf(primaryReads, reads) },
            { label: 'Waiting writes', value: count(waitingWrites), note: 'for a primary' },
            {
              label: 'Timeline',
              value: timeline ?? '–',
              note: counted(failovers, 'failover'),
            },
          ]}
        />
      </Panel>
      <NodePanel nodes={nodes} />
      {changes.length > 0 && <ChangePanel changes={changes} />}
    </div>
  );
}
