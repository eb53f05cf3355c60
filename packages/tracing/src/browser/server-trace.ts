/** The server's span, and its route where the server tells it. */
export interface ServerTrace {
  readonly traceId: string;
  readonly spanId: string;
  readonly route: string | undefined;
}

/** What a response tells of its trace, in `traceresponse` or `Server-Timing`. */
export function traceOfResponse({ headers }: Response): ServerTrace | undefined {
  const timing = headers.get('server-timing') ?? '';
  const described = (name: string) => new RegExp(`\\b${name};desc="([^"]*)"`).exec(timing)?.[1];
  return parse(headers.get('traceresponse') ?? described('traceparent'), described('route'));
}

/** What the page itself was told, in `Server-Timing` of its document or in a `<meta name="traceparent">`. */
export function traceOfPage(): ServerTrace | undefined {
  const timings = navigationEntry()?.serverTiming ?? [];
  const described = (wanted: string) => timings.find(({ name }) => name === wanted)?.description;
  const meta = document.querySelector<HTMLMetaElement>('meta[name="traceparent"]');
  return parse(described('traceparent') ?? meta?.content, described('route'));
}

/** How the page came here, as the browser measured it. */
export function navigationEntry(): PerformanceNavigationTiming | undefined {
  return performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined;
}

function parse(traceparent: string | undefined, route: string | undefined): ServerTrace | undefined {
  const [, traceId, spanId] = /^00-([\da-f]{32})-([\da-f]{16})-/.exec(traceparent ?? '') ?? [];
  return traceId && spanId ? { traceId, spanId, route } : undefined;
}
