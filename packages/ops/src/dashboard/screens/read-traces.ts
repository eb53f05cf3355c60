import { cut } from '../collect/cut';
import type { TraceRow, TracesScreen } from '../screen-types';
import type { SpanLike, StoredTraceLike, TraceSummaryLike } from '../source-types';
import type { ScreenSources, Viewer } from './screen-source-types';

const maxRows = 200;
/** More than a store keeps; a bound all the same. */
const maxLooked = 500;

/** Where did time go? */
export function readTraces({ options }: ScreenSources, viewer: Viewer): TracesScreen {
  const { traces } = options;
  const all = traces?.traces(maxLooked) ?? [];
  const shown =
    viewer.tenantId === undefined
      ? all
      : all.filter(({ traceId }) => isShown(traces?.trace(traceId), viewer));
  return { rows: shown.slice(0, maxRows).map(toRow), total: shown.length };
}

/** A trace is a tenant's own when its spans name that tenant, and no other one. */
export function isShown(trace: StoredTraceLike | undefined, { tenantId }: Viewer): boolean {
  if (trace === undefined) return false;
  if (tenantId === undefined) return true;
  const tenants = tenantsOf(trace);
  return tenants.size === 1 && tenants.has(tenantId);
}

/** Traces are as deep as their calls: nothing recurses. */
function tenantsOf({ roots }: StoredTraceLike): ReadonlySet<unknown> {
  const tenants = new Set<unknown>();
  const waiting: SpanLike[] = [...roots];
  for (let span = waiting.pop(); span; span = waiting.pop()) {
    const tenant = span.attributes['unite.tenant_id'];
    if (tenant !== undefined) tenants.add(tenant);
    waiting.push(...span.children);
  }
  return tenants;
}

/** One line. */
export function toRow(trace: TraceSummaryLike): TraceRow {
  return {
    traceId: trace.traceId,
    name: cut(trace.name, 200),
    atMs: trace.startedAtMs,
    durationMs: trace.durationMs,
    spans: trace.spans,
    hasError: trace.hasError,
  };
}
