import { cut, cutIfThere } from '../collect/cut';
import type { SpanRow, TracePage } from '../screen-types';
import type { SpanLike, StoredTraceLike } from '../source-types';
import { readHeader } from './read-header';
import { isShown, toRow } from './read-traces';
import type { ScreenSources, Viewer } from './screen-source-types';

/** A trace that has just been asked for may still be on its way to the store. */
const patienceMs = 1_500;

const maxSpans = 1_000;
const maxAttributes = 40;

/** One trace; of another tenant, or forgotten, there is none. */
export async function readTracePage(
  sources: ScreenSources,
  viewer: Viewer,
  traceId: string,
): Promise<TracePage> {
  const { traces } = sources.options;
  const found = traces?.trace(traceId) ?? (await traces?.waitFor?.(traceId, AbortSignal.timeout(patienceMs)));
  const header = readHeader(sources, viewer);
  if (!found || !isShown(found, viewer)) return { header, trace: undefined, reason: reasonOf(sources) };
  const rows = waterfall(found);
  const dropped = found.dropped + found.spans - rows.length;
  return { header, trace: { ...toRow(found), rows, dropped }, reason: undefined };
}

function reasonOf({ options }: ScreenSources): string {
  if (!options.traces) return 'No trace store is connected.';
  const kept = options.traces.traces(Number.MAX_SAFE_INTEGER).length;
  return `It was sampled out, has not ended, or made room for newer ones: the store has ${kept} traces now.`;
}

/** Parents before their children, those in the order of their starts. */
function waterfall({ roots, startedAtMs }: StoredTraceLike): SpanRow[] {
  const rows: SpanRow[] = [];
  const waiting = [...roots].reverse().map((span) => ({ span, depth: 0 }));
  for (let next = waiting.pop(); next && rows.length < maxSpans; next = waiting.pop()) {
    const { span, depth } = next;
    rows.push(toSpanRow(span, depth, startedAtMs));
    for (const child of [...span.children].reverse()) waiting.push({ span: child, depth: depth + 1 });
  }
  return rows;
}

function toSpanRow(span: SpanLike, depth: number, startedAtMs: number): SpanRow {
  return {
    spanId: span.spanId,
    depth,
    name: cut(span.name, 200),
    service: cut(span.service, 100),
    kind: span.kind,
    offsetMs: span.startedAtMs - startedAtMs,
    durationMs: span.durationMs,
    status: span.status,
    message: cutIfThere(span.statusMessage, 500),
    attributes: Object.entries(span.attributes)
      .slice(0, maxAttributes)
      .map(([name, value]) => [cut(name, 200), cut(value, 200)] as const),
    events: span.events
      .slice(0, 50)
      .map(({ name, atMs }) => ({ name: cut(name, 200), offsetMs: atMs - startedAtMs })),
    links: span.links.slice(0, 20).map(({ traceId }) => traceId),
  };
}
