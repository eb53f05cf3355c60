import type { RequestRow } from '../../screen-types';
import { duration } from '../format/times';
import { DataTable } from '../ui/data-table';
import { HttpStatus } from '../ui/http-status';
import { RouteName } from '../ui/route-name';
import { ScreenLink } from '../ui/screen-link';
import { When } from '../ui/when';

export interface RequestTableProps {
  readonly rows: readonly RequestRow[];
  /** A trace can be looked at. */
  readonly hasTraces: boolean;
}

export function RequestTable({ rows, hasTraces }: RequestTableProps) {
  return (
    <DataTable
      caption="Requests, the newest first"
      isLive
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: 'Request',
          sortBy: ({ route }) => route,
          cell: ({ method, route }) => <RouteName method={method} route={route} />,
        },
        {
          title: 'Status',
          hasPriority: true,
          sortBy: ({ status }) => status,
          cell: ({ status, isAborted }) => <HttpStatus status={status} isAborted={isAborted} />,
        },
        {
          title: 'Took',
          isNumber: true,
          sortBy: ({ durationMs }) => durationMs,
          cell: ({ durationMs }) => duration(durationMs),
        },
        {
          title: 'At, UTC',
          isNumber: true,
          sortBy: ({ atMs }) => atMs,
          cell: ({ atMs }) => <When atMs={atMs} asClock />,
        },
        { title: 'Tenant', sortBy: ({ tenantId }) => tenantId, cell: ({ tenantId }) => tenantId ?? '–' },
        { title: 'Trace', cell: ({ traceId }) => <TraceOf traceId={traceId} isLinked={hasTraces} /> },
      ]}
    />
  );
}

function TraceOf({
  traceId,
  isLinked,
}: {
  readonly traceId: string | undefined;
  readonly isLinked: boolean;
}) {
  if (traceId === undefined) return <>–</>;
  const short = <code>{traceId.slice(0, 8)}</code>;
  return isLinked ? <ScreenLink to={{ screen: 'trace', traceId }}>{short}</ScreenLink> : short;
}
