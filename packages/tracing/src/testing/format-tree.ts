import { hrTimeToNanoseconds } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/**
 * Spans as a tree of names, two spaces for each level, siblings by their start. A span whose parent is not among them
 * stands at the left.
 *
 * @example
 * formatTree(tracing.spans()); // 'GET /contacts\n  cache get contacts\n    SELECT contacts'
 */
export function formatTree(spans: readonly ReadableSpan[]): string {
  const roots: SpanNode[] = [];
  const nodes = new Map<string, SpanNode>();
  for (const span of spans.toSorted(byStart)) nodes.set(span.spanContext().spanId, { span, children: [] });
  for (const node of nodes.values()) {
    const parent = nodes.get(node.span.parentSpanContext?.spanId ?? '');
    (parent?.children ?? roots).push(node);
  }
  return roots.flatMap((root) => lines(root, '')).join('\n');
}

interface SpanNode {
  readonly span: ReadableSpan;
  readonly children: SpanNode[];
}

function byStart(one: ReadableSpan, other: ReadableSpan): number {
  return hrTimeToNanoseconds(one.startTime) - hrTimeToNanoseconds(other.startTime);
}

function lines({ span, children }: SpanNode, indent: string): string[] {
  return [indent + span.name, ...children.flatMap((child) => lines(child, `${indent}  `))];
}
