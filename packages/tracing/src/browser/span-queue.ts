import { maxReportSpans } from './max-report-spans';
import type { BrowserReport, BrowserSpan } from './report-types';

/** Spans that wait to be sent. */
export interface SpanQueue {
  add(span: BrowserSpan): void;
  /** Counts a span that belongs to no trace. */
  drop(): void;
  /** Sends what waits. */
  flush(): void;
}

export interface SpanQueueOptions {
  readonly endpoint: string;
  readonly maxQueued: number;
  readonly flushAfterMs: number;
  /** The page's own fetch, for where a beacon is not taken. */
  readonly fetch: typeof fetch;
}

/** A bounded queue, sent some time after the first span came; what finds it full is dropped and counted. */
export function createSpanQueue({ endpoint, maxQueued, flushAfterMs, fetch }: SpanQueueOptions): SpanQueue {
  const spans: BrowserSpan[] = [];
  let dropped = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  return {
    add(span) {
      if (spans.length >= maxQueued) {
        dropped++;
        return;
      }
      spans.push(span);
      timer ??= setTimeout(flush, flushAfterMs);
    },
    drop() {
      dropped++;
    },
    flush,
  };

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    while (spans.length > 0) {
      const report = { spans: spans.splice(0, maxReportSpans), dropped };
      dropped = 0;
      send(report).catch(() => {
        dropped += report.spans.length + report.dropped;
      });
    }
  }

  /** A beacon outlives its page. It is refused where too much waits already, or somebody blocks it. */
  async function send(report: BrowserReport): Promise<void> {
    const body = new Blob([JSON.stringify(report)], { type: 'application/json' });
    if (navigator.sendBeacon?.(endpoint, body)) return;
    const { ok } = await fetch.call(window, endpoint, { method: 'POST', body, keepalive: true });
    if (!ok) throw new Error(endpoint);
  }
}
