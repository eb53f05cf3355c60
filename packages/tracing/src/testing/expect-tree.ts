import { AssertionError } from 'node:assert';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { formatTree } from './format-tree';

/**
 * Checks that spans form the tree that `expected` draws: names, one a line, children two spaces further in. The order
 * of siblings does not matter, since work that runs at the same time starts in any.
 *
 * @throws AssertionError whose message shows the expected tree (`-`) beside the actual one (`+`)
 * @throws TypeError for a drawing in which a line is further in than a child of the one above
 * @example
 * expectTree(tracing.spans(), `
 *   GET /contacts
 *     cache get contacts
 *       SELECT contacts
 * `);
 */
export function expectTree(spans: readonly ReadableSpan[], expected: string): void {
  const wanted = sorted(expected);
  const actual = sorted(formatTree(spans));
  if (wanted.join('\n') === actual.join('\n')) return;
  throw new AssertionError({
    message: `The spans do not form the expected tree (- expected, + actual):\n\n${diff(wanted, actual)}\n`,
    expected: wanted.join('\n'),
    actual: actual.join('\n'),
    operator: 'expectTree',
    stackStartFn: expectTree,
  });
}

interface NameNode {
  readonly name: string;
  readonly children: NameNode[];
}

/** The lines of a drawing with siblings in the order of their names, and of what is below them. */
function sorted(drawing: string): string[] {
  const drawn = drawing.split('\n').filter((line) => line.trim() !== '');
  const marginOf = (line: string): number => line.length - line.trimStart().length;
  const margin = Math.min(...drawn.map(marginOf));
  const top: NameNode = { name: '', children: [] };
  const path = [top];
  for (const line of drawn) {
    const depth = (marginOf(line) - margin) / 2;
    const parent = path[depth];
    if (!parent) throw new TypeError(`expectTree: a line is too far in: ${JSON.stringify(line)}`);
    const node = { name: line.trim(), children: [] };
    parent.children.push(node);
    path.splice(depth + 1, path.length, node);
  }
  return linesBelow(top, '');
}

function linesBelow(node: NameNode, indent: string): string[] {
  const blocks = node.children.map((child) => [indent + child.name, ...linesBelow(child, `${indent}  `)]);
  return blocks.toSorted((one, other) => (one.join('\n') < other.join('\n') ? -1 : 1)).flat();
}

/** What both begin and end with is shown once. */
function diff(wanted: readonly string[], actual: readonly string[]): string {
  const shorter = Math.min(wanted.length, actual.length);
  let head = 0;
  while (head < shorter && wanted[head] === actual[head]) head++;
  let tail = 0;
  while (tail < shorter - head && wanted.at(-1 - tail) === actual.at(-1 - tail)) tail++;
  const marked = (mark: string, lines: readonly string[]): string[] => lines.map((line) => `${mark} ${line}`);
  return [
    ...marked(' ', wanted.slice(0, head)),
    ...marked('-', wanted.slice(head, wanted.length - tail)),
    ...marked('+', actual.slice(head, actual.length - tail)),
    ...marked(' ', wanted.slice(wanted.length - tail)),
  ].join('\n');
}
