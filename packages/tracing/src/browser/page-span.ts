import { randomId } from './random-id';
import type { BrowserSpan } from './report-types';
import { navigationEntry, type ServerTrace, traceOfPage } from './server-trace';
import type { SpanQueue } from './span-queue';
import { observeVitals } from './web-vitals';

/** The span of the page's load. */
export interface PageSpan {
  /** Of what failed requests become children; `undefined` where the server did not tell its trace. */
  parent(): { readonly traceId: string; readonly parentSpanId: string } | undefined;
  /** Tells what is known: the load, and later what changed since. */
  tell(): void;
  stop(): void;
}

/** Follows the page's load, a child of the server's span. It is told some time after the load, with the vitals so far. */
export function followPage(
  queue: SpanQueue,
  { vitals: wantsVitals, settleMs }: { readonly vitals: boolean; readonly settleMs: number },
): PageSpan {
  const spanId = randomId(8);
  const name = `page ${location.pathname}`.slice(0, 256);
  const vitals = wantsVitals ? observeVitals() : undefined;
  let trace: ServerTrace | undefined;
  let told: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const loaded = () => {
    timer = setTimeout(tell, settleMs);
  };
  if (document.readyState === 'complete') loaded();
  else addEventListener('load', loaded, { once: true });

  return {
    parent() {
      const server = serverTrace();
      return server && { traceId: server.traceId, parentSpanId: spanId };
    },
    tell,
    stop() {
      clearTimeout(timer);
      removeEventListener('load', loaded);
      vitals?.stop();
    },
  };

  /** The document is read while this runs: a `<meta>` may come later. */
  function serverTrace(): ServerTrace | undefined {
    trace ??= traceOfPage();
    return trace;
  }

  function tell(): void {
    const server = serverTrace();
    if (!server) return;
    const values = vitals?.values();
    const news = JSON.stringify(values);
    if (told === undefined) {
      const durationMs = navigationEntry()?.loadEventEnd || performance.now();
      const timing = { startedAtMs: performance.timeOrigin, durationMs };
      queue.add(span({ ...timing, spanId, parentSpanId: server.spanId, kind: 'page', name }));
    } else if (told !== news) {
      const timing = { startedAtMs: Date.now(), durationMs: 0 };
      queue.add(
        span({ ...timing, spanId: randomId(8), parentSpanId: spanId, kind: 'vitals', name: 'web vitals' }),
      );
    }
    told = news ?? '';

    function span(own: Omit<BrowserSpan, 'traceId'>): BrowserSpan {
      return { ...own, traceId: (server as ServerTrace).traceId, vitals: values };
    }
  }
}
