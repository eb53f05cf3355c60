import type { RequestsScreen } from '../../screen-types';
import type { RequestFilter } from './filter-requests';

export interface RequestFiltersProps {
  readonly filter: RequestFilter;
  readonly routes: RequestsScreen['routes'];
  readonly setFilter: (filter: RequestFilter) => void;
}

const statuses = [
  ['', 'All'],
  ['2xx', '2xx'],
  ['3xx', '3xx'],
  ['4xx', '4xx'],
  ['5xx', '5xx'],
  ['aborted', 'Aborted'],
] as const;

export function RequestFilters({ filter, routes, setFilter }: RequestFiltersProps) {
  return (
    <form class="filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <label class="filter-route">
        <span>Route contains</span>
        <input
          class="input"
          type="search"
          list="routes"
          maxLength={200}
          value={filter.route}
          onInput={({ currentTarget }) => setFilter({ ...filter, route: currentTarget.value })}
        />
      </label>
      <datalist id="routes">
        {routes.map(({ route }) => (
          <option key={route} value={route} />
        ))}
      </datalist>
      <label>
        <span>Status</span>
        <select
          class="input"
          value={filter.status}
          onChange={({ currentTarget }) => setFilter({ ...filter, status: currentTarget.value })}
        >
          {statuses.map(([value, title]) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>Slower than, ms</span>
        <input
          class="input"
          type="number"
          min="0"
          inputMode="numeric"
          value={filter.slowerThanMs ?? ''}
          onInput={({ currentTarget }) =>
            setFilter({ ...filter, slowerThanMs: currentTarget.valueAsNumber || undefined })
          }
        />
      </label>
    </form>
  );
}
