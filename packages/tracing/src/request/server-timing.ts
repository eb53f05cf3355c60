/**
 * Tells the browser of the server's span, which is the only way for a page's own load: `traceresponse` cannot be read
 * there. The route's template gives the browser's span a name without values.
 *
 * @see https://www.w3.org/TR/server-timing/#the-server-timing-header-field
 */
export function serverTiming(traceparent: string, route: string | undefined): string {
  const trace = `traceparent;desc="${traceparent}"`;
  return route !== undefined && quotable.test(route) ? `${trace}, route;desc="${route}"` : trace;
}

/** A template of a length to send, that needs no escapes in a quoted string (RFC 9110 §5.6.4). */
const quotable = /^[!#-[\]-~]{1,200}$/;
