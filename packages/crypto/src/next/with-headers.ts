/** The response with changed headers; a copy where its own cannot be changed (redirects, proxied fetches). */
export function withHeaders(response: Response, change: (headers: Headers) => void): Response {
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
