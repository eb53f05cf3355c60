import { duration } from '../format/times';
import { ticksOf } from './waterfall';

/** The time of the whole above the bars; each span says its own in words. */
export function TraceRuler({ wholeMs }: { readonly wholeMs: number }) {
  return (
    <div class="ruler" aria-hidden="true">
      <svg aria-hidden="true">
        {ticksOf(wholeMs).map(({ percent, atMs }) => (
          <text key={percent} x={`${percent}%`} y="12" text-anchor={anchorOf(percent)}>
            {duration(atMs)}
          </text>
        ))}
      </svg>
    </div>
  );
}

function anchorOf(percent: number): 'start' | 'middle' | 'end' {
  if (percent === 0) return 'start';
  return percent === 100 ? 'end' : 'middle';
}
