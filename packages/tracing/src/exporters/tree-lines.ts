import type { SpanNode } from '../store/store-types';

interface Line {
  readonly span: SpanNode;
  /** What the lines of its children begin with. */
  readonly indent: string;
  readonly head: string;
}

/** Deeper spans are written at this depth: a line has an end. */
const maxIndent = 60;

/**
 * A tree as lines of text.
 *
 * @param suffix what the first line ends with
 * @param onSpan is told of each span, parents first
 */
export function treeLines(tree: SpanNode, suffix: string, onSpan: (span: SpanNode) => void): string {
  let text = '';
  const left: Line[] = [{ span: tree, indent: '', head: '' }];
  let line = left.pop();
  while (line) {
    const { span, head } = line;
    onSpan(span);
    text += `${head}${describeSpan(span)}${text === '' ? suffix : ''}\n`;
    // The last one first, since they are taken from the end.
    left.push(...childLines(line).reverse());
    line = left.pop();
  }
  return text;
}

function childLines({ span, indent }: Line): Line[] {
  const base = indent.slice(0, maxIndent);
  return span.children.map((child, place) => {
    const isLast = place === span.children.length - 1;
    return {
      span: child,
      head: `${base}${isLast ? '└─ ' : '├─ '}`,
      indent: `${base}${isLast ? '   ' : '│  '}`,
    };
  });
}

function describeSpan({ name, durationMs, status, statusMessage }: SpanNode): string {
  const failure = status === 'error' ? ` ERROR ${printable(statusMessage ?? '')}`.trimEnd() : '';
  return `${printable(name)} ${durationMs < 10 ? durationMs.toFixed(1) : durationMs.toFixed(0)} ms${failure}`;
}

/** Names come from requests: no control characters reach a terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
