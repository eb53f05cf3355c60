import type { Column } from './data-table';

export interface TableRowProps<Row> {
  readonly row: Row;
  readonly inRow: readonly Column<Row>[];
  readonly behind: readonly Column<Row>[];
}

/** One row: the first cell names it, and holds what there is no room for. */
export function TableRow<Row>({ row, inRow, behind }: TableRowProps<Row>) {
  const [first, ...others] = inRow;
  return (
    <tr>
      <th scope="row" class={first?.isNumber ? 'number' : undefined}>
        {first?.cell(row)}
        {behind.length > 0 && <MoreOf row={row} columns={behind} />}
      </th>
      {others.map((column) => (
        <td key={column.title} class={column.isNumber ? 'number' : undefined}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

function MoreOf<Row>({ row, columns }: { readonly row: Row; readonly columns: readonly Column<Row>[] }) {
  return (
    <details class="more">
      <summary>More</summary>
      <dl class="facts">
        {columns.map(({ title, cell }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{cell(row)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
