import type { TracePage } from '../../screen-types';
import { count, counted } from '../format/numbers';
import { duration, exactTime } from '../format/times';
import { CopyButton } from '../ui/copy-button';
import { EmptyState } from '../ui/empty-state';
import { ScreenLink } from '../ui/screen-link';
import { TraceOutcome } from '../ui/trace-outcome';
import { SpanEntry } from './span-entry';
import { TraceRuler } from './trace-ruler';

/** Where did this request's time go? */
export function TraceScreen({ page }: { readonly page: TracePage }) {
  const { trace, reason } = page;
  if (!trace) {
    return (
      <div class="panel">
        <EmptyState title="Evicted or sampled out">
          {reason !== undefined && <p>{reason}</p>}
          <ScreenLink to={{ screen: 'traces' }} class="button">
            Show the traces that are kept
          </ScreenLink>
        </EmptyState>
      </div>
    );
  }
  const { traceId, name, atMs, durationMs, spans, dropped, hasError, rows } = trace;
  return (
    <section class="panel" aria-labelledby="trace-name">
      <div class="panel-head">
        <h2 id="trace-name" class="route">
          {name}
        </h2>
        <CopyButton text={traceId}>Copy trace id</CopyButton>
      </div>
      <ul class="marks">
        <li>
          <TraceOutcome hasError={hasError} />
        </li>
        <li>{duration(durationMs)}</li>
        <li>
          {counted(spans, 'span')}
          {dropped > 0 && `, ${count(dropped)} more not kept`}
        </li>
        <li>{exactTime(atMs)}</li>
        <li>
          <code>{traceId}</code>
        </li>
      </ul>
      <TraceRuler wholeMs={durationMs} />
      <ol class="spans">
        {rows.map((span) => (
          <SpanEntry key={span.spanId} span={span} wholeMs={durationMs} rootService={rows[0]?.service} />
        ))}
      </ol>
    </section>
  );
}
