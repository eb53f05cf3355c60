import type { CacheScreen } from '../../screen-types';
import { count, counted } from '../format/numbers';
import { DataTable } from '../ui/data-table';
import { Panel } from '../ui/panel';
import { VerdictMark } from '../ui/verdict-mark';
import { When } from '../ui/when';

export function InvalidationPanel({ invalidations }: Pick<CacheScreen, 'invalidations'>) {
  return (
    <Panel title="Invalidations" aside={`Last ${count(invalidations.length)}`}>
      <DataTable
        caption="Invalidations, the newest first"
        rows={invalidations}
        keyOf={({ atMs, names }) => `${atMs} ${names}`}
        columns={[
          { title: 'When', cell: ({ atMs }) => <When atMs={atMs} /> },
          {
            title: 'Outcome',
            hasPriority: true,
            cell: ({ acknowledged }) =>
              acknowledged ? (
                <VerdictMark verdict="ok">everywhere</VerdictMark>
              ) : (
                <VerdictMark verdict="warn">not acknowledged</VerdictMark>
              ),
          },
          { title: 'What', cell: ({ names }) => counted(names, 'name') },
        ]}
      />
    </Panel>
  );
}
