/** @see RFC 9110 §15 */
const titles = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Content Too Large',
  429: 'Too Many Requests',
} as const;

/** An answer that says no more than its status: what anybody may send is told nothing. */
export function answer(status: 200 | 204 | keyof typeof titles): Response {
  if (status === 200 || status === 204) return new Response(null, { status, headers: notKept });
  const problem = { type: 'about:blank', title: titles[status], status };
  return Response.json(problem, {
    status,
    headers: {
      ...notKept,
      // RFC 9457 §3
      'Content-Type': 'application/problem+json',
      ...(status === 429 && { 'Retry-After': '1' }),
    },
  });
}

const notKept = { 'Cache-Control': 'no-store' };
