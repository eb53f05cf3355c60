import type { SpanNode, StoredTrace, TraceSummary } from '@unite/tracing/store';
import { requestFacts } from '../request-facts';
import { traces } from '../tracing';

/** A trace that has just been asked for may still be on its way to the store. */
const patienceMs = 2_000;

/** The last traces of the signed-in person's workspace in this process, the newest first. */
export function listTraces(limit: number): TraceSummary[] {
  return traces
    .traces(500)
    .filter(({ traceId }) => belongsHere(traces.trace(traceId)))
    .slice(0, limit);
}

/** One trace; of another workspace, or forgotten, there is none. */
export async function readTrace(traceId: string): Promise<StoredTrace | undefined> {
  if (!/^[0-9a-f]{32}$/.test(traceId)) return undefined;
  const late = AbortSignal.timeout(patienceMs);
  let trace = await traces.waitFor(traceId, late);
  // The span of the proxy comes first, and does not know whose request it is; that of the route comes last.
  while (trace && !trace.roots.some(knowsWhose) && !late.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    trace = traces.trace(traceId);
  }
  if (!belongsHere(trace)) return undefined;
  const facts = requestFacts();
  if (facts && trace) facts.showsTrace = true;
  return trace;
}

/** Spans say which workspace they are for; one that is for another keeps the whole trace back. */
function belongsHere(trace: StoredTrace | undefined): boolean {
  const tenants = tenantsOfTrace(trace);
  return tenants.size === 1 && tenants.has(requestFacts()?.session?.tenantId);
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
