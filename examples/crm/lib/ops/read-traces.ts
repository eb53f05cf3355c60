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
  const trace = await traces.waitFor(traceId, AbortSignal.timeout(patienceMs));
  return belongsHere(trace) ? trace : undefined;
}

/** Spans say which workspace they are for; one that is for another keeps the whole trace back. */
function belongsHere(trace: StoredTrace | undefined): boolean {
  const tenants = new Set(trace?.roots.flatMap(tenantsOf));
  return tenants.size === 1 && tenants.has(requestFacts()?.session?.tenantId);
}

function tenantsOf({ attributes, children }: SpanNode): unknown[] {
  const tenant = attributes['unite.tenant_id'];
  return [...(tenant === undefined ? [] : [tenant]), ...children.flatMap(tenantsOf)];
}
