import type { DatabaseScreen } from '../../screen-types';
import { count } from '../format/numbers';
import { DataTable } from '../ui/data-table';
import { Panel } from '../ui/panel';
import { When } from '../ui/when';

export function ChangePanel({ changes }: Pick<DatabaseScreen, 'changes'>) {
  return (
    <Panel title="Changes" aside={`Last ${count(changes.length)}`}>
      <DataTable
        caption="Changes of nodes, the newest first"
        rows={changes}
        keyOf={({ atMs, node, to }) => `${atMs} ${node} ${to}`}
        columns={[
          { title: 'Node', cell: ({ node }) => node },
          { title: 'Change', hasPriority: true, cell: ({ from, to }) => `${from} → ${to}` },
          { title: 'Reason', cell: ({ reason }) => reason ?? '–' },
          { title: 'When', isNumber: true, cell: ({ atMs }) => <When atMs={atMs} /> },
        ]}
      />
    </Panel>
  );
}
