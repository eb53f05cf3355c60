/** An answer that says no more than its status. */
export function answer(status: 200 | 204 | 400 | 413 | 429): Response {
  return new Response(null, {
    status,
    headers: { 'Cache-Control': 'no-store', ...(status === 429 && { 'Retry-After': '1' }) },
  });
}
