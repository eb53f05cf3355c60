import type { TracesScreen as TracesData } from '../../screen-types';
import { count } from '../format/numbers';
import { duration } from '../format/times';
import { DataTable } from '../ui/data-table';
import { EmptyState } from '../ui/empty-state';
import { Panel } from '../ui/panel';
import { ScreenLink } from '../ui/screen-link';
import { TraceOutcome } from '../ui/trace-outcome';
import { When } from '../ui/when';

/** Where did time go? */
export function TracesScreen({ data }: { readonly data: TracesData }) {
  const { rows, total } = data;
  if (rows.length === 0) {
    return (
      <div class="panel">
        <EmptyState title="No trace is kept">
          <p>The first request that is sampled shows up here.</p>
        </EmptyState>
      </div>
    );
  }
  return (
    <Panel title="Kept traces" aside={`Last ${count(rows.length)} of ${count(total)}`}>
      <DataTable
        caption="Traces, the newest first"
        isLive
        rows={rows}
        keyOf={({ traceId }) => traceId}
        columns={[
          {
            title: 'Trace',
            sortBy: ({ name }) => name,
            cell: ({ name, traceId }) => (
              <ScreenLink to={{ screen: 'trace', traceId }} class="route">
                {name}
              </ScreenLink>
            ),
          },
          {
            title: 'Outcome',
            hasPriority: true,
            sortBy: ({ hasError }) => Number(hasError),
            cell: ({ hasError }) => <TraceOutcome hasError={hasError} />,
          },
          {
            title: 'Took',
            isNumber: true,
            sortBy: ({ durationMs }) => durationMs,
            cell: ({ durationMs }) => duration(durationMs),
          },
          { title: 'Spans', isNumber: true, sortBy: ({ spans }) => spans, cell: ({ spans }) => count(spans) },
          {
            title: 'At, UTC',
            isNumber: true,
            sortBy: ({ atMs }) => atMs,
            cell: ({ atMs }) => <When atMs={atMs} asClock />,
          },
        ]}
      />
    </Panel>
  );
}
