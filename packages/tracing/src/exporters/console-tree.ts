import { ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { isLocalRoot } from '../store/is-local-root';
import { spanTree } from '../store/span-tree';
import type { SpanNode } from '../store/store-types';
import { toStoredSpan } from '../store/to-stored-span';
import { nameExporter } from './exporter-name';
import { PrintedTraces } from './printed-traces';
import { treeLines } from './tree-lines';

/** Options of `consoleTree`. */
export interface ConsoleTreeOptions {
  /** Takes the lines of one tree at a time, with their ends. @default what goes to standard output */
  readonly write?: ((text: string) => void) | undefined;
  /** Trees whose root took less time than this are not written, in milliseconds. @default 0 */
  readonly minDurationMs?: number | undefined;
}

/** Spans that wait for their local root; over it all of them are written as far as they came. */
const maxWaiting = 10_000;

/**
 * Writes each trace as a tree with durations when its local root has ended, for development. A span that ends after its
 * root is written on its own, with the trace id.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * startTracing({ service: { name: 'crm' }, exporters: [consoleTree()] });
 * // GET /api/contacts/[id] 12.3 ms · 4bf92f3577b34da6a3ce929d0e0e4736
 * // ├─ cache get 0.4 ms
 * // └─ SELECT contacts 8.1 ms
 */
export function consoleTree(options: ConsoleTreeOptions = {}): SpanExporter {
  checkOptions('consoleTree', options, {
    write: optionChecks.function,
    minDurationMs: expects('a number of at least 0', (value) => typeof value === 'number' && value >= 0),
  });
  const { write = writeToOutput, minDurationMs = 0 } = options;
  const printed = new PrintedTraces();
  const waiting = new Map<string, ReadableSpan[]>();
  let waitingSpans = 0;

  return nameExporter('console tree', {
    export(spans, done) {
      for (const traceId of hold(spans)) print(traceId, false);
      if (waitingSpans > maxWaiting) printRest();
      done({ code: ExportResultCode.SUCCESS });
    },
    forceFlush: async () => {},
    shutdown: async () => printRest(),
  } satisfies SpanExporter);

  function hold(spans: readonly ReadableSpan[]): ReadonlySet<string> {
    const traceIds = new Set<string>();
    for (const span of spans) {
      const { traceId } = span.spanContext();
      const others = waiting.get(traceId) ?? [];
      waiting.set(traceId, others);
      others.push(span);
      traceIds.add(traceId);
    }
    waitingSpans += spans.length;
    return traceIds;
  }

  /** Writes the trees whose root is a local root, or a late span; others wait for theirs unless all are asked for. */
  function print(traceId: string, isAll: boolean): void {
    const spans = waiting.get(traceId) ?? [];
    const rootIds = new Set(spans.filter(isLocalRoot).map((span) => span.spanContext().spanId));
    const done = new Set<string>();
    for (const tree of spanTree(spans.map(toStoredSpan))) {
      const isRoot = rootIds.has(tree.spanId);
      const isLate = !isRoot && printed.has(traceId, tree.parentSpanId);
      if (isRoot || isLate || isAll)
        printTree(traceId, tree, isRoot ? '' : isLate ? ' (late)' : ' (unfinished)', done);
    }
    const rest = spans.filter((span) => !done.has(span.spanContext().spanId));
    waitingSpans -= spans.length - rest.length;
    if (rest.length > 0) waiting.set(traceId, rest);
    else waiting.delete(traceId);
  }

  function printTree(traceId: string, tree: SpanNode, note: string, done: Set<string>): void {
    const lines = treeLines(tree, ` · ${traceId}${note}`, (span) => {
      done.add(span.spanId);
      printed.add(traceId, span.spanId);
    });
    if (tree.durationMs >= minDurationMs) write(lines);
  }

  function printRest(): void {
    for (const traceId of waiting.keys()) print(traceId, true);
  }
}

function writeToOutput(text: string): void {
  process.stdout.write(text);
}
