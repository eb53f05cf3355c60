import type { ErrorsScreen as ErrorsData } from '../../screen-types';
import { counted } from '../format/numbers';
import { EmptyState } from '../ui/empty-state';
import { Panel } from '../ui/panel';
import { ErrorEntry } from './error-entry';

/** What broke, since which release? */
export function ErrorsScreen({ data }: { readonly data: ErrorsData }) {
  const { rows, total, requests } = data;
  if (rows.length === 0) {
    return (
      <div class="panel">
        <EmptyState title={`None in ${counted(requests, 'request')} since the start`} />
      </div>
    );
  }
  return (
    <Panel
      title="By kind and release"
      aside={`${counted(rows.length, 'kind')}, ${counted(total, 'error')} in all`}
    >
      <ol data-live>
        {rows.map((row) => (
          <ErrorEntry key={row.id} error={row} />
        ))}
      </ol>
    </Panel>
  );
}
