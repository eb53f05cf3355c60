/** Names of web vitals in a report, with their units. */
export type VitalName = 'ttfbMs' | 'fcpMs' | 'lcpMs' | 'inpMs' | 'cls';

/** Web vitals of a page, as far as they are known. */
export type WebVitals = Partial<Record<VitalName, number>>;

/** A span that a browser made, as it is sent. */
export interface BrowserSpan {
  /** Of the server's trace, learnt from its response. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  /** A page's load, a request, or the vitals that changed after the load was told. */
  readonly kind: 'page' | 'fetch' | 'vitals';
  /** `GET /api/contacts/[id]`, or `page /contacts`. Without a query. */
  readonly name: string;
  /** By the clock of the browser. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Status of the response. */
  readonly status?: number | undefined;
  /** Name of the error, where there is no response: `TypeError`, `AbortError`. */
  readonly error?: string | undefined;
  readonly vitals?: WebVitals | undefined;
}

/** What a browser sends, as JSON. */
export interface BrowserReport {
  readonly spans: readonly BrowserSpan[];
  /** Spans that were dropped since the last report, because too many waited or could not be sent. */
  readonly dropped: number;
}
