import type { RequestsScreen } from '../../screen-types';
import { count, shareOf } from '../format/numbers';
import { duration } from '../format/times';
import { DataTable } from '../ui/data-table';
import { Panel } from '../ui/panel';

type Route = RequestsScreen['routes'][number];

/** Since the start, by route. */
export function RouteTable({ routes }: { readonly routes: readonly Route[] }) {
  if (routes.length === 0) return null;
  return (
    <Panel title="By route" aside={`${count(routes.length)} since the start`}>
      <DataTable<Route>
        caption="Requests by route, since the start"
        rows={routes}
        keyOf={({ route }) => route}
        columns={[
          {
            title: 'Route',
            sortBy: ({ route }) => route,
            cell: ({ route }) => <span class="route">{route}</span>,
          },
          {
            title: 'Requests',
            isNumber: true,
            sortBy: ({ requests }) => requests,
            cell: ({ requests }) => count(requests),
          },
          {
            title: 'Failed',
            isNumber: true,
            sortBy: ({ requests, errors }) => errors / requests,
            cell: ({ requests, errors }) => (errors === 0 ? '0' : shareOf(errors, requests)),
          },
          {
            title: 'p50',
            isNumber: true,
            sortBy: ({ p50Ms }) => p50Ms,
            cell: ({ p50Ms }) => duration(p50Ms),
          },
          {
            title: 'p95',
            isNumber: true,
            hasPriority: true,
            sortBy: ({ p95Ms }) => p95Ms,
            cell: ({ p95Ms }) => duration(p95Ms),
          },
          {
            title: 'p99',
            isNumber: true,
            sortBy: ({ p99Ms }) => p99Ms,
            cell: ({ p99Ms }) => duration(p99Ms),
          },
        ]}
      />
    </Panel>
  );
}
