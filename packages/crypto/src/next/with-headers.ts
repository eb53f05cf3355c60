/**
 * The response with changed headers; a copy where its own cannot be changed (redirects, proxied fetches).
 * `Response.error()` has none, and cannot be copied: it is as it was.
 */
export function withHeaders(response: Response, change: (headers: Headers) => void): Response {
  if (response.type === 'error') return response;
  try {
    change(response.headers);
    return response;
  } catch {
    const { body, status, statusText } = response;
    const copy = new Response(body, { status, statusText, headers: response.headers });
    change(copy.headers);
    return copy;
  }
}
