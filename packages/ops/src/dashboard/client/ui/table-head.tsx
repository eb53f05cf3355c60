import type { Column } from './data-table';
import type { Sorting } from './sort-rows';

export interface TableHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sorting: Sorting | undefined;
  readonly sort: (sorting: Sorting) => void;
}

export function TableHead<Row>({ columns, sorting, sort }: TableHeadProps<Row>) {
  return (
    <thead>
      <tr>
        {columns.map(({ title, isNumber, sortBy }) => {
          const direction = sorting?.column === title ? sorting.direction : undefined;
          const next = direction === 'descending' ? 'ascending' : 'descending';
          return (
            <th key={title} scope="col" class={isNumber ? 'number' : undefined} aria-sort={direction}>
              {sortBy ? (
                <button type="button" onClick={() => sort({ column: title, direction: next })}>
                  {title}
                  <SortArrow direction={direction} />
                </button>
              ) : (
                title
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function SortArrow({ direction }: { readonly direction: Sorting['direction'] | undefined }) {
  const path = direction === 'ascending' ? 'M1.5 6.5 5 3l3.5 3.5' : 'M1.5 3.5 5 7l3.5-3.5';
  return (
    <svg class={direction ? 'arrow arrow-on' : 'arrow'} aria-hidden="true" width="10" height="10">
      <path d={path} />
    </svg>
  );
}
