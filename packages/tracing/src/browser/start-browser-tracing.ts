import { followPage } from './page-span';
import { createSpanQueue } from './span-queue';
import { traceFetch } from './trace-fetch';

/** Options of `startBrowserTracing`. */
export interface BrowserTracingOptions {
  /** Where `browserSpansHandler` or `browserSpansMiddleware` is. @default '/api/browser-spans' */
  readonly endpoint?: string | undefined;
  /** Whether `window.fetch` is wrapped, so that requests have spans. @default true */
  readonly fetch?: boolean | undefined;
  /**
   * Further origins that get trace headers, such as `https://api.example.com`. They must allow `traceparent` and
   * `tracestate` by CORS, and expose `traceresponse`. @default this one alone
   */
  readonly origins?: readonly string[] | undefined;
  /** Whether the page's web vitals are observed. @default true */
  readonly vitals?: boolean | undefined;
  /** Most spans that wait; further ones are dropped and counted. @default 50 */
  readonly maxQueued?: number | undefined;
  /** Longest time that spans wait, and the time after the load at which the page's is sent, in milliseconds. @default 5_000 */
  readonly flushAfterMs?: number | undefined;
}

/** Tracing in this page. */
export interface BrowserTracing {
  /** Sends what waits, and gives `window.fetch` back. */
  close(): void;
}

/** One in a page, whatever the number of copies. */
const slotKey = Symbol.for('unite.tracing.browser.1');

/**
 * Joins the page to the server's traces: a span for the page's load with its web vitals, and one for each `fetch`.
 * Without a server that tells its trace nothing is sent. Never throws into the page; a second call returns what the
 * first one started, and on a server it does nothing.
 *
 * @example
 * startBrowserTracing({ endpoint: '/api/browser-spans' });
 */
export function startBrowserTracing(options: BrowserTracingOptions = {}): BrowserTracing {
  if (typeof window === 'undefined') return { close() {} };
  const slots = window as { [slotKey]?: BrowserTracing | undefined };
  slots[slotKey] ??= start(options, () => {
    slots[slotKey] = undefined;
  });
  return slots[slotKey];
}

function start(
  {
    endpoint = '/api/browser-spans',
    fetch: wrapsFetch = true,
    origins = [],
    vitals = true,
    maxQueued = 50,
    flushAfterMs = 5_000,
  }: BrowserTracingOptions,
  closed: () => void,
): BrowserTracing {
  const queue = createSpanQueue({ endpoint, maxQueued, flushAfterMs, fetch: window.fetch });
  const page = followPage(queue, { vitals, settleMs: flushAfterMs });
  const restoreFetch = wrapsFetch ? traceFetch(queue, page, origins) : undefined;
  document.addEventListener('visibilitychange', sendWhenHidden);
  return {
    close() {
      document.removeEventListener('visibilitychange', sendWhenHidden);
      restoreFetch?.();
      page.tell();
      page.stop();
      queue.flush();
      closed();
    },
  };

  /** The last moment that every browser tells of. */
  function sendWhenHidden(): void {
    if (document.visibilityState !== 'hidden') return;
    page.tell();
    queue.flush();
  }
}
