import type { SpanNode, StoredSpan } from './store-types';

/** A node while the tree grows. */
interface GrowingNode extends StoredSpan {
  readonly children: GrowingNode[];
}

/**
 * Puts spans under their parents, by start. A span whose parent is not among them is a root. Spans that are parents of
 * each other are no tree: the first of them becomes a root, so that none is lost. Takes any depth: nothing recurses.
 */
export function spanTree(spans: Iterable<StoredSpan>): readonly SpanNode[] {
  const byStart = [...spans].sort((one, other) => one.startedAtMs - other.startedAtMs);
  const nodes = new Map<string, GrowingNode>(byStart.map((span) => [span.spanId, { ...span, children: [] }]));
  const cut = cycleHeads(nodes);
  const roots: GrowingNode[] = [];
  for (const node of nodes.values()) {
    const parent = cut.has(node) ? undefined : parentOf(node, nodes);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

/** One node of each cycle: the one that is come to first. */
function cycleHeads(nodes: ReadonlyMap<string, GrowingNode>): ReadonlySet<GrowingNode> {
  const heads = new Set<GrowingNode>();
  const seen = new Set<GrowingNode>();
  for (const start of nodes.values()) {
    const path = new Set<GrowingNode>();
    let node: GrowingNode | undefined = start;
    while (node && !seen.has(node)) {
      seen.add(node);
      path.add(node);
      node = parentOf(node, nodes);
    }
    if (node && path.has(node)) heads.add(node);
  }
  return heads;
}

function parentOf(
  { parentSpanId }: StoredSpan,
  nodes: ReadonlyMap<string, GrowingNode>,
): GrowingNode | undefined {
  return parentSpanId === undefined ? undefined : nodes.get(parentSpanId);
}
