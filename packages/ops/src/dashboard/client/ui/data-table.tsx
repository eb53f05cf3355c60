import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { count } from '../format/numbers';
import { focusMain } from './focus-main';
import { type Sorting, type SortValue, sortRows } from './sort-rows';
import { TableHead } from './table-head';
import { TableRow } from './table-row';
import { useNarrow } from './use-narrow';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** It can be sorted by this. */
  readonly sortBy?: (row: Row) => SortValue;
  /** Is one of the two that stay where there is no room. The first column always is. */
  readonly hasPriority?: boolean;
}

export interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  /** Arrivals are held back while it has the focus or a selection. */
  readonly isLive?: boolean;
}

/** So many rows are drawn before somebody asks for the rest. */
const drawnRows = 50;

/** A table that sorts by its heads. Where there is no room two columns stay, the rest is behind each row's "More". */
export function DataTable<Row>({ caption, columns, rows, keyOf, isLive = false }: DataTableProps<Row>) {
  const [sorting, setSorting] = useState<Sorting | undefined>();
  const [isWhole, setWhole] = useState(false);
  const isNarrow = useNarrow();
  const sortBy = columns.find(({ title }) => title === sorting?.column)?.sortBy;
  const sorted = sorting && sortBy ? sortRows(rows, sortBy, sorting.direction) : rows;
  const drawn = isWhole ? sorted : sorted.slice(0, drawnRows);
  const showWhole = () => {
    setWhole(true);
    focusMain();
  };
  const isKept = (column: Column<Row>, index: number) => index === 0 || column.hasPriority === true;
  const inRow = isNarrow ? columns.filter(isKept) : columns;
  const behind = isNarrow ? columns.filter((column, index) => !isKept(column, index)) : [];
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard. */}
      <section class="table-frame" aria-label={caption} tabIndex={0} data-live={isLive || undefined}>
        <table>
          <caption class="hidden-visually">{caption}</caption>
          <TableHead columns={inRow} sorting={sorting} sort={setSorting} />
          <tbody>
            {drawn.map((row) => (
              <TableRow key={keyOf(row)} row={row} inRow={inRow} behind={behind} />
            ))}
          </tbody>
        </table>
      </section>
      {drawn.length < rows.length && (
        <p class="table-foot">
          <button type="button" class="button" onClick={showWhole}>
            Show all {count(rows.length)}
          </button>
        </p>
      )}
    </>
  );
}
