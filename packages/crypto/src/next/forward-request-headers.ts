const listHeader = 'x-middleware-override-headers';
const valuePrefix = 'x-middleware-request-';

/**
 * Adds headers to the request that Next.js goes on with, after a proxy has answered. It is told so by headers of the
 * answer, as `NextResponse.next({ request })` writes them (Next.js 13 to 16): a list of all names, and a value for each.
 * This is the one place that knows it.
 *
 * @param request headers of the request, which stay where the answer lists none
 * @param response headers of the proxy's answer
 */
export function forwardRequestHeaders(
  request: Headers,
  response: Headers,
  added: Readonly<Record<string, string>>,
): void {
  // Redirects and answers of its own have no request to go on with.
  if (!response.has('x-middleware-next') && !response.has('x-middleware-rewrite')) return;
  // Headers that are not listed are removed; an empty list is none.
  if (!response.get(listHeader)) list(response, request);
  list(response, Object.entries(added));
}

function list(response: Headers, entries: Iterable<readonly [string, string]>): void {
  const names = new Set(response.get(listHeader)?.split(',').filter(Boolean));
  for (const [name, value] of entries) {
    names.add(name);
    response.set(valuePrefix + name, value);
  }
  response.set(listHeader, [...names].join(','));
}
