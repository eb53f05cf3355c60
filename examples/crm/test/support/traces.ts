import type { Answer } from './api';

/** A span as the receiver took it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly scope: string;
  readonly service: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
}

/** The trace that an answer names. */
export function traceIdOf({ headers }: Pick<Answer, 'headers'>): string {
  return headers.get('traceresponse')?.split('-')[1] ?? '';
}

/** What the receiver has of a trace, once that is enough. */
export async function receivedTrace(
  traceId: string,
  isEnough: (spans: readonly ReceivedSpan[]) => boolean,
): Promise<readonly ReceivedSpan[]> {
  const deadlineAtMs = Date.now() + 60_000;
  let spans: readonly ReceivedSpan[] = [];
  while (!isEnough(spans)) {
    if (Date.now() > deadlineAtMs) throw new Error(`the receiver has only\n${treeOf(spans).join('\n')}`);
    const answer = await fetch(`${process.env.TEST_RECEIVER_ORIGIN}/traces/${traceId}`);
    spans = (await answer.json()) as ReceivedSpan[];
  }
  return spans;
}

/** The spans as lines, each indented below its parent. */
export function treeOf(spans: readonly ReceivedSpan[]): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const below = (parent: string | undefined, indent: string): string[] =>
    spans
      .filter(({ parentSpanId: id }) => (parent === undefined ? !id || !ids.has(id) : id === parent))
      .flatMap(({ spanId, name, service }) => [
        `${indent}${name} (${service})`,
        ...below(spanId, `${indent}  `),
      ]);
  return below(undefined, '');
}
