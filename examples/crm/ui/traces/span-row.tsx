import type { StoredSpan, StoredTrace } from '@unite/tracing/store';
import { duration } from '../ops/units';
import { StatusMark } from '../status-mark';
import { flagsOf } from './flags-of';
import styles from './trace-tree.module.css';

interface SpanRowProps {
  readonly span: StoredSpan;
  readonly depth: number;
  readonly trace: Pick<StoredTrace, 'startedAtMs' | 'durationMs'>;
}

/** One span: its name, its bar, and what it says of itself once it is opened. */
export function SpanRow({ span, depth, trace }: SpanRowProps) {
  const { name, service, durationMs, status, statusMessage, attributes, events } = span;
  const facts = Object.entries(attributes);
  return (
    <details className={styles.span} style={{ '--depth': depth } as React.CSSProperties}>
      <summary>
        <span className={styles.name}>
          {status === 'error' ? (
            <StatusMark shape="cross" tone="critical">
              {name}
            </StatusMark>
          ) : (
            name
          )}
          <span className="muted"> {originOf(span)}</span>
          {flagsOf(span).map((flag) => (
            <span key={flag} className={styles.flag}>
              <span className="hidden-visually">, feature flag </span>
              {flag}
            </span>
          ))}
        </span>
        <span className={styles.lane} aria-hidden="true">
          <Bar span={span} trace={trace} />
        </span>
        <span className={styles.took}>{duration(durationMs)}</span>
      </summary>
      <dl className={styles.facts}>
        <Fact name="service" value={service} />
        {statusMessage && <Fact name="failed because" value={statusMessage} />}
        {facts.map(([key, value]) => (
          <Fact key={key} name={key} value={value} />
        ))}
        {events.map((event, index) => (
          <Fact key={index} name={event.name} value={`after ${duration(event.atMs - span.startedAtMs)}`} />
        ))}
      </dl>
    </details>
  );
}

/** As a drawing, not as a style of its own: a policy for contents may forbid those. */
function Bar({ span, trace }: Omit<SpanRowProps, 'depth'>) {
  const whole = Math.max(trace.durationMs, 0.001);
  const start = ((span.startedAtMs - trace.startedAtMs) / whole) * 100;
  const width = Math.max((span.durationMs / whole) * 100, 0.4);
  return (
    <svg width="100%" height="8" className={span.status === 'error' ? styles.failed : styles[span.kind]}>
      <title>{span.name}</title>
      <rect
        x={`${Math.min(Math.max(start, 0), 99.6)}%`}
        width={`${Math.min(width, 100)}%`}
        height="8"
        rx="2"
      />
    </svg>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: unknown }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{Array.isArray(value) ? value.join(', ') : String(value)}</dd>
    </div>
  );
}

/** Who made it: `pg`, `redis`, `next.js`. */
function originOf({ scope, service }: StoredSpan): string {
  if (service.endsWith('-browser')) return 'browser';
  return scope.replace(/^@opentelemetry\/instrumentation-|^@unite\/tracing$/, '').replace(/^@unite\//, '');
}
