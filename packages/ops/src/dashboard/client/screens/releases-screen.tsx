import type { ReleasesScreen as ReleasesData } from '../../screen-types';
import { count, shareOf } from '../format/numbers';
import { duration } from '../format/times';
import { DataTable } from '../ui/data-table';
import { EmptyState } from '../ui/empty-state';
import { Panel } from '../ui/panel';
import { When } from '../ui/when';
import { ReleaseComparison } from './release-comparison';

/** Is the new release worse? */
export function ReleasesScreen({ data }: { readonly data: ReleasesData }) {
  const { rows } = data;
  return (
    <div class="stack">
      {rows.length < 2 ? (
        <div class="panel">
          <EmptyState title={rows.length === 1 ? 'One release seen' : 'No release seen'}>
            <p>Two can be compared, once there are two.</p>
          </EmptyState>
        </div>
      ) : (
        <ReleaseComparison releases={rows} />
      )}
      {rows.length > 0 && (
        <Panel title="Releases" aside={`${count(rows.length)} seen by this process`}>
          <DataTable
            caption="Releases, the newest first"
            rows={rows}
            keyOf={({ release, deployment }) => `${release} ${deployment}`}
            columns={[
              {
                title: 'Release',
                sortBy: ({ release }) => release,
                cell: ({ release, isCurrent }) => (
                  <span class="route">
                    {release} {isCurrent && <span class="tag">this one</span>}
                  </span>
                ),
              },
              { title: 'Deployment', cell: ({ deployment }) => deployment ?? '–' },
              {
                title: 'Requests',
                isNumber: true,
                sortBy: ({ requests }) => requests,
                cell: ({ requests }) => count(requests),
              },
              {
                title: 'Failed',
                isNumber: true,
                hasPriority: true,
                sortBy: ({ errors, requests }) => (requests === 0 ? null : errors / requests),
                cell: ({ errors, requests }) => shareOf(errors, requests),
              },
              {
                title: 'p95',
                isNumber: true,
                sortBy: ({ p95Ms }) => p95Ms,
                cell: ({ p95Ms }) => (p95Ms === null ? '–' : duration(p95Ms)),
              },
              {
                title: 'Since',
                isNumber: true,
                sortBy: ({ atMs }) => atMs,
                cell: ({ atMs }) => <When atMs={atMs} />,
              },
            ]}
          />
        </Panel>
      )}
    </div>
  );
}
