import type { DatabaseScreen, Verdict } from '../../screen-types';
import { bytes, count } from '../format/numbers';
import { duration } from '../format/times';
import { DataTable } from '../ui/data-table';
import { Panel } from '../ui/panel';
import { VerdictMark } from '../ui/verdict-mark';

type Node = DatabaseScreen['nodes'][number];

const verdicts: Readonly<Record<Node['state'], Verdict>> = {
  up: 'ok',
  behind: 'warn',
  fenced: 'warn',
  foreign: 'down',
  down: 'down',
  unknown: 'none',
};

export function NodePanel({ nodes }: { readonly nodes: readonly Node[] }) {
  return (
    <Panel title="Nodes" aside={`${count(nodes.length)} in all`}>
      <DataTable
        caption="Nodes of the cluster"
        rows={nodes}
        keyOf={({ name }) => name}
        columns={[
          {
            title: 'Node',
            sortBy: ({ name }) => name,
            cell: ({ name, role }) => (
              <>
                {name} <span class="tag">{role}</span>
              </>
            ),
          },
          {
            title: 'State',
            hasPriority: true,
            cell: ({ state, reason }) => (
              <VerdictMark verdict={verdicts[state]}>
                {state}
                {reason !== undefined && <span class="muted">, {reason}</span>}
              </VerdictMark>
            ),
          },
          {
            title: 'Behind',
            isNumber: true,
            sortBy: ({ lagMs }) => lagMs,
            cell: ({ lagMs, lagBytes }) => lagOf(lagMs, lagBytes),
          },
          {
            title: 'Answers in',
            isNumber: true,
            sortBy: ({ latencyMs }) => latencyMs,
            cell: ({ latencyMs }) => (latencyMs === undefined ? '–' : duration(latencyMs)),
          },
          { title: 'Breaker', cell: ({ breaker }) => breaker },
          { title: 'In flight', isNumber: true, cell: ({ inFlight }) => count(inFlight) },
          { title: 'Pools', cell: ({ pools }) => <Pools pools={pools} /> },
        ]}
      />
    </Panel>
  );
}

function Pools({ pools }: Pick<Node, 'pools'>) {
  if (pools.length === 0) return <>–</>;
  return (
    <ul class="pools">
      {pools.map(({ purpose, max, total, idle, waiting }) => (
        <li key={purpose}>
          {purpose}: {total - idle} busy of {max}
          {waiting > 0 && `, ${waiting} waiting`}
        </li>
      ))}
    </ul>
  );
}

function lagOf(lagMs: number | undefined, lagBytes: number | undefined): string {
  if (lagMs === undefined && lagBytes === undefined) return '–';
  return [lagMs === undefined ? [] : duration(lagMs), lagBytes ? bytes(lagBytes) : []].flat().join(', ');
}
