import type { SpanNode, StoredTrace } from '@unite/tracing/store';
import { duration, timeOfDay } from '../ops/units';
import { StatusMark } from '../status-mark';
import { SpanRow } from './span-row';
import styles from './trace-tree.module.css';

/** Where the time of one request went: each span below what caused it, and its bar on the time of the whole. */
export function TraceTree({ trace }: { readonly trace: StoredTrace }) {
  const { durationMs, startedAtMs, spans, hasError, dropped } = trace;
  return (
    <section aria-labelledby="spans">
      <div className={styles.head}>
        <h2 id="spans" className="hidden-visually">
          Spans
        </h2>
        {hasError ? (
          <StatusMark shape="cross" tone="critical">
            A span failed
          </StatusMark>
        ) : (
          <StatusMark shape="check" tone="ok">
            No span failed
          </StatusMark>
        )}
        <span>{duration(durationMs)}</span>
        <span>
          {spans} {spans === 1 ? 'span' : 'spans'}
          {dropped > 0 && `, ${dropped} more were not kept`}
        </span>
        <span>{timeOfDay(startedAtMs)} UTC</span>
      </div>
      <ol className={`panel ${styles.tree}`}>
        {trace.roots.map((root) => (
          <SpanBranch key={root.spanId} node={root} depth={0} trace={trace} />
        ))}
      </ol>
    </section>
  );
}

/** Deeper ones are drawn at this depth: there is no more room. */
const deepest = 12;

function SpanBranch(props: { readonly node: SpanNode; readonly depth: number; readonly trace: StoredTrace }) {
  const { node, depth, trace } = props;
  return (
    <li>
      <SpanRow span={node} depth={Math.min(depth, deepest)} trace={trace} />
      {node.children.length > 0 && (
        <ol>
          {node.children.map((child) => (
            <SpanBranch key={child.spanId} node={child} depth={depth + 1} trace={trace} />
          ))}
        </ol>
      )}
    </li>
  );
}
