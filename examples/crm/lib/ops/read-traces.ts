import type { SpanNode, StoredTrace } from '@unite/tracing/store';
import { traces } from '../tracing';

/** A trace that has just been asked for may still be on its way to the store. */
const patienceMs = 2_000;

/** One trace; of another workspace, or forgotten, there is none. */
export async function readTrace(traceId: string, tenantId: string): Promise<StoredTrace | undefined> {
  if (!/^[0-9a-f]{32}$/.test(traceId)) return undefined;
  const late = AbortSignal.timeout(patienceMs);
  let trace = await traces.waitFor(traceId, late);
  // The span of the proxy comes first, and does not know whose request it is; that of the route comes last.
  while (trace && !trace.roots.some(knowsWhose) && !late.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    trace = traces.trace(traceId);
  }
  return belongsTo(trace, tenantId) ? trace : undefined;
}

/** Spans say which workspace they are for; one that is for another keeps the whole trace back. */
function belongsTo(trace: StoredTrace | undefined, tenantId: string): boolean {
  const tenants = tenantsOfTrace(trace);
  return tenants.size === 1 && tenants.has(tenantId);
}

/** The span of a route, or the first one of a job. */
function knowsWhose({ kind, parentSpanId, attributes, children }: SpanNode): boolean {
  const isFirst = kind === 'server' || parentSpanId === undefined;
  return (isFirst && attributes['unite.tenant_id'] !== undefined) || children.some(knowsWhose);
}

function tenantsOfTrace(trace: StoredTrace | undefined): ReadonlySet<unknown> {
  return new Set(trace?.roots.flatMap(tenantsOf));
}

function tenantsOf({ attributes, children }: SpanNode): unknown[] {
  const tenant = attributes['unite.tenant_id'];
  return [...(tenant === undefined ? [] : [tenant]), ...children.flatMap(tenantsOf)];
}
