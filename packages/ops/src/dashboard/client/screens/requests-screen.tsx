import type { DashboardHeader, RequestsScreen as RequestsData } from '../../screen-types';
import { count, counted } from '../format/numbers';
import { useDashboard } from '../ui/dashboard-context';
import { EmptyState } from '../ui/empty-state';
import { focusMain } from '../ui/focus-main';
import { Panel } from '../ui/panel';
import { filterOf, filterRequests, queryOf, type RequestFilter } from './filter-requests';
import { RequestFilters } from './request-filters';
import { RequestTable } from './request-table';
import { RouteTable } from './route-table';

export interface RequestsScreenProps {
  readonly data: RequestsData;
  readonly header: DashboardHeader;
}

const noFilter: RequestFilter = { route: '', status: '', slowerThanMs: undefined };

/** What just happened, and was it slow? */
export function RequestsScreen({ data, header }: RequestsScreenProps) {
  const { store } = useDashboard();
  const filter = filterOf(store.query.value);
  const rows = filterRequests(data.rows, filter);
  const setFilter = (next: RequestFilter) => {
    const query = queryOf(next);
    history.replaceState(null, '', `${location.pathname}${query}`);
    store.query.value = query;
  };
  const clear = () => {
    setFilter(noFilter);
    focusMain();
  };
  const isFiltered = queryOf(filter) !== '';
  return (
    <div class="stack">
      <RequestFilters filter={filter} routes={data.routes} setFilter={setFilter} />
      <Panel title="Latest" aside={boundOf(data, isFiltered ? rows.length : undefined)}>
        {rows.length > 0 ? (
          <RequestTable rows={rows} hasTraces={header.screens.traces} />
        ) : isFiltered ? (
          <EmptyState title="No request matches">
            <button type="button" class="button" onClick={clear}>
              Clear the filters
            </button>
          </EmptyState>
        ) : (
          <EmptyState title="Waiting for the first request" />
        )}
      </Panel>
      <RouteTable routes={data.routes} />
    </div>
  );
}

/** `Last 500 of 48,210`, and how many of them match. */
function boundOf({ rows, total }: RequestsData, matches: number | undefined): string {
  const bound = `Last ${count(rows.length)} of ${count(total)}`;
  return matches === undefined ? bound : `${bound}, ${counted(matches, 'match', 'matches')}`;
}
