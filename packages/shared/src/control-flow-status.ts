/** Digests by which Next.js ends a handler on purpose: `redirect()`, `notFound()`, dynamic rendering. */
const controlFlow =
  /^(?:NEXT_|DYNAMIC_SERVER_USAGE|BAILOUT_TO_CLIENT_SIDE_RENDERING|HANGING_PROMISE_REJECTION)/;

/**
 * What a thrown value answers with, where Next.js threw it to steer itself; `undefined` where it is an error.
 *
 * `NEXT_REDIRECT;replace;/login;307;` and `NEXT_HTTP_ERROR_FALLBACK;404` name their status, `NEXT_NOT_FOUND` of Next.js
 * 15.0 is one; others have none (0).
 */
export function controlFlowStatus(thrown: unknown): number | undefined {
  const digest = digestOf(thrown);
  if (digest === undefined || !controlFlow.test(digest)) return undefined;
  if (digest === 'NEXT_NOT_FOUND') return 404;
  return Number(/;([1-5]\d\d)(?:;|$)/.exec(digest)?.[1] ?? 0);
}

function digestOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const { digest } = thrown as { digest?: unknown };
  return typeof digest === 'string' ? digest : undefined;
}
