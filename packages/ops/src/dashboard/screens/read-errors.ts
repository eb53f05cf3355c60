import { cut, cutIfThere } from '../collect/cut';
import type { ErrorRow, ErrorsScreen } from '../screen-types';
import type { ErrorEventLike } from '../source-types';
import type { ScreenSources, Viewer } from './screen-source-types';

const maxRows = 100;
const maxFrames = 30;

/** What broke, since which release? Errors of one kind in one release are one row. */
export function readErrors({ options, collectors }: ScreenSources, { tenantId }: Viewer): ErrorsScreen {
  const { ring, tenants } = collectors.requests;
  const events = (options.errors?.events() ?? []).filter(
    (event) => tenantId === undefined || event.tenantId === tenantId,
  );
  const rows = new Map<string, ErrorEventLike[]>();
  for (const event of events) {
    const key = keyOf(event);
    const group = rows.get(key);
    if (group) group.push(event);
    else rows.set(key, [event]);
  }
  return {
    rows: [...rows.values()].slice(0, maxRows).map(toRow),
    total: rows.size,
    requests: tenantId === undefined ? ring.total : (tenants.get(tenantId) ?? 0),
  };
}

function keyOf({ exceptions, route, service }: ErrorEventLike): string {
  const [first] = exceptions;
  return JSON.stringify([first?.type, first?.message, route, service.release]);
}

/** @param events the newest first */
function toRow(events: readonly ErrorEventLike[]): ErrorRow {
  const [newest] = events as [ErrorEventLike];
  const [exception] = newest.exceptions;
  return {
    id: newest.id,
    type: cut(exception?.type ?? 'Error', 100),
    message: cut(exception?.message ?? '', 500),
    route: cutIfThere(newest.route, 200),
    release: cutIfThere(newest.service.release, 100),
    count: events.length,
    firstAtMs: Math.min(...events.map(({ atMs }) => atMs)),
    lastAtMs: newest.atMs,
    isHandled: newest.isHandled,
    traceId: newest.traceId,
    stack: (exception?.frames ?? []).slice(0, maxFrames).map((frame) => ({
      text: cut(`${frame.function ?? '<anonymous>'} (${frame.file}:${frame.line}:${frame.column})`, 300),
      isOwn: frame.isInApp,
    })),
  };
}
