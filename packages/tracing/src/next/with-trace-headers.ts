import type { ServerSpan } from '../request/server-span';

/** The response with the headers of its span, on a copy where its own cannot be changed (redirects, proxied fetches). */
export function withTraceHeaders(response: Response, span: ServerSpan, route: string | undefined): Response {
  const { traceparent } = span;
  // A handler may call another one that is wrapped too.
  if (traceparent === undefined || response.headers.get('traceresponse') === traceparent) return response;
  try {
    write(response.headers);
    return response;
  } catch {
    const { body, status, statusText } = response;
    const copy = new Response(body, { status, statusText, headers: response.headers });
    write(copy.headers);
    return copy;
  }

  function write(headers: Headers): void {
    headers.set('traceresponse', traceparent as string);
    headers.append('Server-Timing', span.serverTiming(route) as string);
  }
}
