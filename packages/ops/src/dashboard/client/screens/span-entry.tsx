import type { SpanRow } from '../../screen-types';
import { duration } from '../format/times';
import { ScreenLink } from '../ui/screen-link';
import { StatusMark } from '../ui/status-mark';
import { barOf } from './waterfall';

export interface SpanEntryProps {
  readonly span: SpanRow;
  /** How long the trace is. */
  readonly wholeMs: number;
  /** Where the trace began: of a span from there it is not said again. */
  readonly rootService: string | undefined;
}

/** Deeper ones are drawn at this depth: there is no more room. */
const deepest = 12;

/** One span: its name, its bar on the time of the whole, and what it says of itself once it is opened. */
export function SpanEntry({ span, wholeMs, rootService }: SpanEntryProps) {
  const { name, service, depth, durationMs, status } = span;
  return (
    <li>
      <details class={`span depth-${Math.min(depth, deepest)}`}>
        <summary>
          <span class="span-name">
            {status === 'error' ? (
              <StatusMark shape="cross" tone="critical">
                {name}
              </StatusMark>
            ) : (
              name
            )}{' '}
            {service !== rootService && <span class="muted">{service}</span>}
          </span>
          <SpanBar span={span} wholeMs={wholeMs} />
          <span class="span-took">{duration(durationMs)}</span>
        </summary>
        <SpanFacts span={span} />
      </details>
    </li>
  );
}

/** As a drawing, not by a style of its own: a policy for contents may forbid those. */
function SpanBar({ span, wholeMs }: Pick<SpanEntryProps, 'span' | 'wholeMs'>) {
  const { start, width } = barOf(span.offsetMs, span.durationMs, wholeMs);
  const look = span.status === 'error' ? 'error' : span.kind;
  return (
    <span class="span-lane" aria-hidden="true">
      <svg class={`span-bar kind-${look}`} height="8" aria-hidden="true">
        <rect x={`${start}%`} width={`${width}%`} height="8" rx="2" />
      </svg>
    </span>
  );
}

function SpanFacts({ span }: { readonly span: SpanRow }) {
  const { offsetMs, kind, message, attributes, events, links } = span;
  const facts = [
    ['starts after', duration(offsetMs)],
    ['kind', kind],
    ...(message ? [['failed because', message] as const] : []),
    ...attributes,
    ...events.map(({ name, offsetMs: afterMs }) => [name, `after ${duration(afterMs)}`] as const),
  ] as const;
  return (
    <dl class="facts">
      {facts.map(([name, value], index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {links.map((traceId) => (
        <div key={traceId}>
          <dt>linked to</dt>
          <dd>
            <ScreenLink to={{ screen: 'trace', traceId }}>{traceId}</ScreenLink>
          </dd>
        </div>
      ))}
    </dl>
  );
}
